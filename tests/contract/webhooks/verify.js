// Verifies a delivery from standard input with both libraries, and says which of them takes it.
import { readFileSync } from "node:fs";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const { secret, body, headers } = JSON.parse(readFileSync(0, "utf8"));
for (const [name, Verifier] of [["standardwebhooks", Standard], ["svix", Svix]]) {
  const verifier = new Verifier(secret);
  console.log(name, verifier.verify(body, headers)?.type ?? JSON.parse(body).type);
  try {
    verifier.verify(`${body} `, headers);
    console.log(name, "takes what was changed");
  } catch {
    console.log(name, "refuses what was changed");
  }
}
