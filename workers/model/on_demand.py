"""A model that costs nothing until it is asked: a worker of commands never does."""

from __future__ import annotations

import threading

from bot.domain.conversation import ModelAnswer, ModelRequest
from bot.ports import Model
from bot.settings import ModelSettings


class ModelOnDemand:
    """ports.Model whose client, with its SDK, is made by the first call.

    The SDK takes 18 MB and a second to import. Safe to use from several threads at once.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client: Model | None = None

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """One answer. Raises ModelUnavailable, PromptTooLong."""
        return self._opened().complete(request)

    def _opened(self) -> Model:
        with self._lock:
            if self._client is None:
                from workers.model.client import OpenAIModel

                self._client = OpenAIModel(self._settings)
            return self._client
