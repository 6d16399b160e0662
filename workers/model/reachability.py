"""Whether the configured model server answers and knows the models: one cheap call."""

from __future__ import annotations

import openai
from openai import DefaultHttpxClient, OpenAI

from bot.errors import ModelUnavailable
from bot.settings import ModelSettings
from workers.model.client import OPENAI_URL


def offered_models(settings: ModelSettings, timeout_seconds: float = 10.0) -> frozenset[str]:
    """The names that `GET /models` lists (https://platform.openai.com/docs/api-reference/models).

    Raises:
        ModelUnavailable: no answer, or a refusal; the message says which.
    """
    url = settings.base_url or OPENAI_URL
    client = OpenAI(
        api_key=settings.api_key or "none",
        base_url=url,
        max_retries=0,
        timeout=timeout_seconds,
        http_client=DefaultHttpxClient(follow_redirects=False),
    )
    with client:
        try:
            return frozenset(model.id for model in client.models.list().data or ())
        except openai.APIStatusError as error:
            raise ModelUnavailable(f"GET {url}/models answered {error.status_code}") from error
        except openai.OpenAIError as error:
            raise ModelUnavailable(f"GET {url}/models: {error}") from error
