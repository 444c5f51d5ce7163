"""Run by the Python of an environment that has the vendor's clients: one call by one of them, body as a line of JSON.

    python vendor_client.py CLIENT ADDRESS TOKEN CALL [ARGUMENT ...]

It imports nothing of ours. Calls: analyze IMAGE_URL [MODE], upload PHOTO, and, of the client "many", thirty times at
once, analyze IMAGE_URL. Retries of the clients stay as they come.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

CLIENT, ADDRESS, TOKEN, CALL, *ARGUMENTS = sys.argv[1:]


def fields() -> dict[str, Any]:
    image_url, *mode = ARGUMENTS
    return {"image_url": image_url, **({"mode": int(mode[0])} if mode else {})}


def sync() -> Any:
    from acedatacloud import AceDataCloud

    with AceDataCloud(TOKEN, base_url=ADDRESS, platform_base_url=ADDRESS) as client:
        return client.files.upload(ARGUMENTS[0]) if CALL == "upload" else client.face.analyze(**fields())


async def by_await() -> Any:
    from acedatacloud import AsyncAceDataCloud

    async with AsyncAceDataCloud(TOKEN, base_url=ADDRESS, platform_base_url=ADDRESS) as client:
        return await (client.files.upload(ARGUMENTS[0]) if CALL == "upload" else client.face.analyze(**fields()))


async def thirty_at_once() -> Any:
    from acedatacloud import AsyncAceDataCloud

    async with AsyncAceDataCloud(TOKEN, base_url=ADDRESS, platform_base_url=ADDRESS) as client:
        return await asyncio.gather(*[client.face.analyze(**fields()) for _ in range(30)])


def cli() -> Any:
    from adc_cli.core.client import AdcClient

    return AdcClient(TOKEN, ADDRESS).request("/face/analyze", fields())


async def mcp() -> Any:
    """Speak to its server over standard input and output, as an assistant does."""
    from pathlib import Path

    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    program = Path(sys.executable).with_name("mcp-face-transform")
    settings = {"ACEDATACLOUD_API_TOKEN": TOKEN, "ACEDATACLOUD_API_BASE_URL": ADDRESS}
    server = StdioServerParameters(command=str(program), env=settings)
    async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as session:
        await session.initialize()
        body = await session.call_tool("face_detect_keypoints", fields())
        return json.loads(body.content[0].text)


CALLS: dict[str, Callable[[], Any]] = {
    "sync": sync,
    "async": lambda: asyncio.run(by_await()),
    "many": lambda: asyncio.run(thirty_at_once()),
    "cli": cli,
    "mcp": lambda: asyncio.run(mcp()),
}

try:
    answer = {"answer": CALLS[CLIENT]()}
except Exception as exc:  # noqa: BLE001 - whatever a client raises is what is asked for
    names = ("status_code", "code", "message", "trace_id")
    answer = {"raised": type(exc).__name__, **{name: getattr(exc, name, None) for name in names}}
print(json.dumps(answer))  # noqa: T201
