// A program on the types that openapi-typescript makes of the OpenAPI document.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./abeyance.js";

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
const as_of = "2026-08-01";

const search = await client.GET("/v1/search", { params: { query: { name: "Hikvision", as_of } } });
assert(search.data && !("view" in search.data));
assert.equal(search.data.outcome, "hits");
assert.match(search.data.hits[0]?.listing.names[0]?.text ?? "", /Hikvision/);
const status: string | undefined = search.data.hits[0]?.measures[0]?.status;
console.log(`search: ${search.data.outcome}, ${status}`);

const brief = await client.GET("/v1/search", {
  params: { query: { name: "Hikvision", as_of, view: "brief" } },
});
assert(brief.data && "view" in brief.data);
const hit = brief.data.hits?.[0];
assert(hit);
assert.match(brief.data.listings?.[hit.listing]?.name ?? "", /Hikvision/);
console.log(`brief: ${brief.data.outcome}`);

// only what must be given
const question: components["schemas"]["ScreeningQuestion"] = {
  counterparties: [{ name: "Rosoboroneksport", countries: ["RU"] }, { name: "Plain Bakery" }],
};
const screening = await client.POST("/v1/screenings", { body: question });
assert(screening.data && !("view" in screening.data));
console.log(`screening: ${screening.data.results.map((each) => each.name).join(", ")}`);

const calendar = await client.GET("/v1/calendar", { params: { query: { as_of, limit: 3 } } });
assert(calendar.data);
console.log(`calendar: ${calendar.data.items.length}, ${typeof calendar.data.items[0]?.on}`);

const refused = await client.GET("/v1/search", { params: { query: { name: "x".repeat(5000) } } });
assert(refused.error);
console.log(`error: ${refused.error.status}, ${refused.error.errors?.[0]?.field}`);
