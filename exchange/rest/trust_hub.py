"""The Trust Hub: who the account says it is. With Twilio it has a host of its own."""

from flask import Blueprint, Response, jsonify, request

from exchange.exchange import Exchange
from exchange.rest.frame import guarded
from exchange.rest.shapes import profile_shape


def trust_hub_doors(exchange: Exchange) -> Blueprint:
    """The account's customer profiles, in one page."""
    doors = guarded(Blueprint("trust_hub", __name__, url_prefix="/v1"), exchange)
    config = exchange.config

    @doors.get("/CustomerProfiles", endpoint="profiles_list")
    def _profiles() -> Response:
        rows = [
            profile_shape(config.account_sid, profile, exchange.address)
            for profile in config.account.profiles
        ]
        meta = {"page": 0, "page_size": 50, "key": "results", "next_page_url": None}
        return jsonify(results=rows, meta={**meta, "url": request.url})

    return doors
