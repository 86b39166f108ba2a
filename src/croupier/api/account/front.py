"""What the front door shows: where the parts of the product are."""

from fastapi import APIRouter

from croupier.api.fields import View
from croupier.api.operator.caller import ThePlatform

router = APIRouter()


class LinksView(View):
    """`casino` is null where no demo casino runs."""

    platform: str
    casino: str | None
    account: str
    docs: str
    api_reference: str


@router.get("/links", summary="Where things are")
async def get_links(platform: ThePlatform) -> LinksView:
    public = platform.links.public
    return LinksView(
        platform=public,
        casino=platform.links.casino,
        account=f"{public}/account",
        docs=f"{public}/docs",
        api_reference=f"{public}/docs/api",
    )
