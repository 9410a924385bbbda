// Sends a table as soon as it is chosen or dropped; without this script a button does it.

const form = document.getElementById("drop");
const input = document.getElementById("table");

input.addEventListener("change", () => form.requestSubmit());
for (const name of ["dragover", "drop"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    if (name === "drop" && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
