"""Exchanges: what was said on the wire between us and the operator."""

from fastapi import APIRouter

router = APIRouter(tags=["Errors"])
