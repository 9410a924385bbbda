SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

// What Swagger UI leaves out for those who hear the page: headings in order, a name for each region
// and for its list, and no link inside a button (the button itself opens the operation).
const REGIONS = { ".information-container": "About the API", ".scheme-container": "Server and keys" };

function mend() {
  for (const each of document.querySelectorAll("h3.opblock-tag:not([aria-level]), .models > h4:not([aria-level])")) {
    each.setAttribute("role", "heading");
    each.setAttribute("aria-level", "2");
  }
  for (const [selector, name] of Object.entries(REGIONS)) {
    for (const each of document.querySelectorAll(`${selector}:not([role])`)) {
      each.setAttribute("role", "region");
      each.setAttribute("aria-label", name);
    }
  }
  for (const each of document.querySelectorAll("#servers:not([aria-label])")) {
    each.setAttribute("aria-label", "Server");
  }
  for (const each of document.querySelectorAll("button.opblock-summary-control a[href]")) {
    each.removeAttribute("href");
  }
}

new MutationObserver(mend).observe(document.getElementById("api"), {
  childList: true,
  subtree: true,
});
