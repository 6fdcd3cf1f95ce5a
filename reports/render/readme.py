"""The page that goes with a bundle: methods, protection, limits, files and citation."""

from typing import Any

from reports.render.words import words


def readme(document: dict[str, Any], language: str) -> bytes:
    text = words(language)["readme"].format(**_facts(document, language))
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines()).encode()


def _facts(document: dict[str, Any], language: str) -> dict[str, Any]:
    said = words(language)
    plan, instrument, parameters = document["plan"], document["instrument"], document["parameters"]
    visible = sum(table["visible"] for table in document["tables"])
    return {
        "title": document["title"][language],
        "cited": document["title"][language] + (f" [{document['stamp'][language]}]" if document["stamp"] else ""),
        "stamp": f"**{document['stamp'][language]}**\n\n" if document["stamp"] else "",
        "report": document["report"],
        "survey": document["survey"],
        "waves": ", ".join(document["waves"]),
        "n": document["n"],
        "tier": said[f"tier_{document['tier']}"],
        "visible": visible,
        "total": len(document["tables"]),
        "withheld": len(document["tables"]) - visible,
        "publisher": document["publisher"] or said["publisher_unknown"],
        "contact": document["contact"],
        "funder": document["funder"] or said["not_stated"],
        "ethics": document["ethics"] or said["not_stated"],
        "preregistration": plan["preregistration"] or said["not_stated"],
        "dates": ", ".join(f"{name} ({day})" for name, day in document["sealed"].items()) or said["not_stated"],
        "instrument": instrument["name"],
        "version": instrument["version"],
        "instrument_digest": instrument["sha256"],
        "plan": plan["name"],
        "plan_version": plan["version"],
        "planned": plan["planned_on"],
        "plan_digest": plan["sha256"],
        "small": parameters["small_cell_below"],
        "rounding": parameters["rounding_base"],
        "percent_from": parameters["percentages_from_base"],
        "firm_from": parameters["firm_percentages_from_base"],
        "limits": f"- {plan['limits'][language]}" if plan["limits"] else "",
        "texts": said["readme_texts"] if document["testimonies"] else "",
        "text_files": said["readme_texts_files"] if document["testimonies"] else "",
        "wave_files": said["readme_waves_files"] if document["compared_waves"] else "",
        "date": document["made_on"],
        "licence": document["licence"],
    }
