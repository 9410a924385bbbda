"""Requests for the examples of the API document: webhooks."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange(
        "addWebhook",
        "POST /v1/webhooks",
        {"url": "https://erp.example/abeyance", "events": ["*"], "names": False},
        {"webhook": "id"},
        {"idempotency-key": "example-webhook"},
    ),
    Exchange("listWebhooks", "GET /v1/webhooks"),
    Exchange("getWebhook", "GET /v1/webhooks/{webhook}"),
    Exchange("testWebhook", "POST /v1/webhooks/{webhook}/test", None, {"delivery": "id"}),
    Exchange("listWebhookDeliveries", "GET /v1/webhooks/{webhook}/deliveries?limit=1"),
    Exchange("resendWebhookDelivery", "POST /v1/webhooks/{webhook}/deliveries/{delivery}/resend"),
    Exchange(
        "rotateWebhook",
        "POST /v1/webhooks/{webhook}/rotate",
        None,
        {},
        {"idempotency-key": "example-rotation"},
    ),
    Exchange("enableWebhook", "POST /v1/webhooks/{webhook}/enable"),
)
