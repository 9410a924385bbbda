"""Requests for the examples of the API document: jobs."""

from abeyance_screening.platform.examples import DAYS, Exchange

_TABLE = "Id,Name,Country\nC-1,Al-Haramayn Foundation,KE\nC-2,Plain Bakery,DE\n"
EXCHANGES = (
    Exchange(
        "addJob", f"POST /v1/jobs?name=suppliers.csv&lists=un_sc&{DAYS}", _TABLE, {"job": "id"}
    ),
    Exchange("listJobs", "GET /v1/jobs?limit=1"),
    Exchange("getJob", "GET /v1/jobs/{job}"),
    Exchange("deleteJob", "DELETE /v1/jobs/{job}"),
)
