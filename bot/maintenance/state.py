"""What state the index is in: for people as lines, for programs as one object."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.engine import engine_of
from index.errors import GenerationError, VerbatimError
from index.generations import Generations
from index.served.generations import ServedGenerations
from index.staleness import staleness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings
    from index.encoders import Choice
    from index.types import EncoderIdentity

__all__ = ["has_index", "status_lines", "status_object", "warn_if_stale"]


def has_index(settings: Settings) -> bool:
    """Whether some generation is live, up to date or not."""
    try:
        Generations(settings.state_dir).manifest()
    except GenerationError:
        return False
    return True


def status_object(settings: Settings, choice: Choice) -> dict[str, Any]:
    """Return the state of the index in the shape of `status --json`."""
    identity = choice.encoder.identity
    found = staleness(settings.seeds_dir, settings.state_dir, identity)
    generations = Generations(settings.state_dir)
    state: dict[str, Any] = {
        "generation": None,
        "created": None,
        "documents": 0,
        "passages": 0,
        "encoder": None,
        "searches": {},
        "backend": {"name": identity.backend, "reason": choice.reason},
        "seeds": str(settings.seeds_dir),
        "state": str(settings.state_dir),
        "stale": list(found.reasons),
        "rolled_back_from": found.rolled_back_from,
        "engine": _engine_object(settings),
        "generations": [_generation_object(generations, name) for name in generations.names()],
    }
    try:
        manifest = generations.manifest()
    except GenerationError:
        return state  # `stale` says why
    return state | {
        "generation": manifest.generation,
        "created": manifest.created.isoformat(),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "encoder": manifest.model_dump(mode="json")["encoder"],
        "searches": manifest.model_dump(mode="json")["searches"],
    }


def _engine_object(settings: Settings) -> dict[str, Any] | None:
    """Return what the engine at INDEX_URL serves, None where that is not set."""
    if settings.index_url is None:
        return None
    with engine_of(settings) as engine:
        found: dict[str, Any] = {
            "url": engine.address,
            "live": None,
            "documents": 0,
            "passages": 0,
            "kept": [],
            "problem": None,
        }
        served = ServedGenerations(engine)
        try:
            names = served.names()
            if (live := served.current()) is None:
                return found | {"kept": names}
            facts = served.facts(live)
        except VerbatimError as error:
            return found | {"problem": str(error)}
    return found | {
        "live": live,
        "documents": facts.documents,
        "passages": facts.passages,
        "kept": [name for name in names if name != live],
    }


def _generation_object(generations: Generations, name: str) -> dict[str, Any]:
    known: dict[str, Any] = {
        "generation": name,
        "is": _standing(generations, name),
        "created": None,
        "documents": 0,
        "passages": 0,
        "encoder": None,
        "problem": None,
    }
    try:
        manifest = generations.manifest(name)
    except GenerationError as error:
        return known | {"problem": str(error)}
    return known | {
        "created": manifest.created.isoformat(),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "encoder": manifest.encoder.name,
    }


def _standing(generations: Generations, name: str) -> str:
    """Return `live`, `withheld` (by the golden questions) or `kept`."""
    try:
        if name == generations.current():
            return "live"
    except GenerationError:
        pass  # CURRENT is damaged: nothing is live
    return "withheld" if name in generations.history().withheld else "kept"


def status_lines(state: dict[str, Any]) -> Iterator[str]:
    """Say what `status_object` holds to a person."""
    is_only_served = not state["generations"] and bool((state["engine"] or {}).get("live"))
    if is_only_served:
        yield f"generation  {state['engine']['live']}, none of its own in {state['state']}"
    elif state["generation"] is None:
        yield f"generation  none in {state['state']}"
    else:
        yield f"generation  {state['generation']}"
        yield f"documents   {state['documents']} from {state['seeds']}"
        yield f"passages    {state['passages']}"
        yield f"encoder     {state['encoder']['name']}"
        for name, search in sorted(state["searches"].items()):
            if search["kind"] != "flat":  # which is exact
                yield (
                    f"vectors     {search['vectors']} of {name}: {search['kind']}, "
                    f"recall@10 {search['recall']:.3f}"
                )
    if (engine := state["engine"]) is not None:
        yield f"engine      {_engine_line(engine)}"
    backend = state["backend"]
    yield f"backend     {backend['name']}: {backend['reason']}"
    for each in state["generations"]:
        if each["is"] != "live":
            what = each["problem"] or f"{each['documents']} documents, {each['passages']} passages"
            yield f"{each['is']:<10}  {each['generation']}: {what}"
    if state["rolled_back_from"] is not None:
        yield f"rolled back {state['rolled_back_from']}: built again when the documents change"
    if is_only_served:
        yield "stale       is known where it is built"
    else:
        yield from _stale_lines(state["stale"])


def _stale_lines(reasons: Sequence[str]) -> Iterator[str]:
    if not reasons:
        yield "stale       nothing"
        return
    yield "stale       run `verbatim build`:"
    yield from (f"            {reason}" for reason in reasons)


def _engine_line(engine: dict[str, Any]) -> str:
    if engine["problem"] is not None:
        return str(engine["problem"])
    kept = f"; {len(engine['kept'])} more kept" if engine["kept"] else ""
    if engine["live"] is None:
        return f"nothing is live at {engine['url']}{kept}"
    counts = f"{engine['documents']} documents, {engine['passages']} passages"
    return f"{engine['live']} is live at {engine['url']}: {counts}{kept}"


def warn_if_stale(settings: Settings, encoder: EncoderIdentity) -> None:
    """Say on stderr that answers may be old, where the documents changed after the build."""
    found = staleness(settings.seeds_dir, settings.state_dir, encoder)
    reasons = found.reasons
    if found.rolled_back_from is not None:
        sys.stderr.write(
            f"verbatim: {found.rolled_back_from} was rolled back; it stays so until the documents "
            "change or you run `verbatim build`\n"
        )
    elif reasons:
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        sys.stderr.write(
            f"verbatim: the index is not up to date, run `verbatim build`: {reasons[0]}{more}\n"
        )
