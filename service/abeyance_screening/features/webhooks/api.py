"""Webhooks over HTTP: make, look at, test, rotate, delete; what was delivered, and again."""

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_201_CREATED,
    HTTP_202_ACCEPTED,
    HTTP_204_NO_CONTENT,
)

from abeyance_screening.features.webhooks.service import WebhookDesk
from abeyance_screening.features.webhooks.types import (
    QueuedDelivery,
    Webhook,
    WebhookAsked,
    WebhookDeliveryList,
    WebhookList,
    WebhookMade,
    WebhookSecret,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    FORBIDDEN,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import ThePage

TheWebhooks = NamedDependency[SkipValidation[WebhookDesk]]
WebhookId = Annotated[UUID, PathParameter(description="The `id` of the webhook.")]
DeliveryId = Annotated[UUID, PathParameter(description="The `id` of the delivery.")]
MAX_BODY_BYTES = 20_000
_TAGS = ["Webhooks"]
_REFUSED = (BAD_REQUEST, UNAUTHORISED, FORBIDDEN, UNAVAILABLE)
_OF_ONE = problem_responses(*_REFUSED, NOT_FOUND)


@post(
    "/v1/webhooks",
    opt=needs("webhooks", change="webhook.added"),
    operation_id="addWebhook",
    responses=problem_responses(*_REFUSED, *BODY_REFUSED),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Make a webhook",
    tags=_TAGS,
    status_code=HTTP_201_CREATED,
)
async def add_webhook(
    data: JSONBody[WebhookAsked], webhooks: TheWebhooks, once: TheOnce
) -> Response[WebhookMade]:
    """Have each event of the account sent to an address, from now on; the secret is shown once.

    A body is `{type, timestamp, data}`, signed as [Standard Webhooks](https://www.standardwebhooks.com)
    says: verify it with any of its libraries. An event may come more than once, with the same
    `webhook-id`. Those of one counterparty come in order.
    """
    return await once(lambda: webhooks.add(data), HTTP_201_CREATED, WebhookDesk.without_secret)


@get(
    "/v1/webhooks",
    opt=needs("webhooks"),
    operation_id="listWebhooks",
    responses=problem_responses(UNAUTHORISED, FORBIDDEN, UNAVAILABLE),
    security=SECURITY,
    summary="Webhooks",
    tags=_TAGS,
)
async def list_webhooks(webhooks: TheWebhooks) -> WebhookList:
    """Return the webhooks of the account, without their secrets."""
    return WebhookList(items=await webhooks.all())


@get(
    "/v1/webhooks/{webhook_id:uuid}",
    opt=needs("webhooks"),
    operation_id="getWebhook",
    responses=_OF_ONE,
    security=SECURITY,
    summary="One webhook",
    tags=_TAGS,
)
async def get_webhook(webhook_id: WebhookId, webhooks: TheWebhooks) -> Webhook:
    """Return a webhook: whether it is on, since when it fails, and how many events wait."""
    return await webhooks.one(webhook_id)


@delete(
    "/v1/webhooks/{webhook_id:uuid}",
    opt=needs("webhooks", change="webhook.deleted", about="webhook_id"),
    operation_id="deleteWebhook",
    responses=_OF_ONE,
    security=SECURITY,
    summary="Delete a webhook",
    tags=_TAGS,
    status_code=HTTP_204_NO_CONTENT,
)
async def delete_webhook(webhook_id: WebhookId, webhooks: TheWebhooks) -> None:
    """Delete a webhook, with all that waits for it."""
    await webhooks.delete(webhook_id)


@post(
    "/v1/webhooks/{webhook_id:uuid}/test",
    opt=needs("webhooks"),
    operation_id="testWebhook",
    responses=_OF_ONE,
    security=SECURITY,
    summary="Send a test",
    tags=_TAGS,
    status_code=HTTP_202_ACCEPTED,
)
async def test_webhook(
    webhook_id: WebhookId, webhooks: TheWebhooks, once: TheOnce
) -> Response[QueuedDelivery]:
    """Send `webhook.test` within seconds, whatever else waits; its delivery says what came of it.

    It waits while the webhook is off, or rests after a failure.
    """
    return await once(lambda: webhooks.test(webhook_id), HTTP_202_ACCEPTED)


@post(
    "/v1/webhooks/{webhook_id:uuid}/rotate",
    opt=needs("webhooks", change="webhook.rotated", about="webhook_id"),
    operation_id="rotateWebhook",
    responses=_OF_ONE,
    security=SECURITY,
    summary="Replace the secret of a webhook",
    tags=_TAGS,
    status_code=HTTP_200_OK,
)
async def rotate_webhook(
    webhook_id: WebhookId, webhooks: TheWebhooks, once: TheOnce
) -> Response[WebhookSecret]:
    """Replace the secret and return the new one, this once. For 24 hours both sign each body.

    A second rotation ends the time of the first secret.
    """
    return await once(
        lambda: webhooks.rotate(webhook_id), HTTP_200_OK, lambda _: WebhookSecret(secret=None)
    )


@post(
    "/v1/webhooks/{webhook_id:uuid}/enable",
    opt=needs("webhooks", change="webhook.enabled", about="webhook_id"),
    operation_id="enableWebhook",
    responses=_OF_ONE,
    security=SECURITY,
    summary="Turn a webhook on again",
    tags=_TAGS,
    status_code=HTTP_200_OK,
)
async def enable_webhook(webhook_id: WebhookId, webhooks: TheWebhooks) -> Webhook:
    """Turn on a webhook that was turned off, and send what waits for it, in order."""
    return await webhooks.enable(webhook_id)


@get(
    "/v1/webhooks/{webhook_id:uuid}/deliveries",
    opt=needs("webhooks"),
    operation_id="listWebhookDeliveries",
    responses=_OF_ONE,
    security=SECURITY,
    summary="Deliveries of a webhook",
    tags=_TAGS,
)
async def list_deliveries(
    webhook_id: WebhookId, webhooks: TheWebhooks, page: ThePage
) -> WebhookDeliveryList:
    """Return what was or is to be sent to a webhook, the newest first, as kept for 30 days."""
    return await webhooks.deliveries(webhook_id, page.limit, page.cursor)


@post(
    "/v1/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/resend",
    opt=needs("webhooks"),
    operation_id="resendWebhookDelivery",
    responses=_OF_ONE,
    security=SECURITY,
    summary="Send a delivery again",
    tags=_TAGS,
    status_code=HTTP_202_ACCEPTED,
)
async def resend_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, webhooks: TheWebhooks
) -> QueuedDelivery:
    """Send a delivery again at once, also one that was taken, with the same `webhook-id`."""
    return await webhooks.resend(webhook_id, delivery_id)


ROUTES = (
    add_webhook,
    list_webhooks,
    get_webhook,
    delete_webhook,
    test_webhook,
    rotate_webhook,
    enable_webhook,
    list_deliveries,
    resend_delivery,
)
