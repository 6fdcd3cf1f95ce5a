#!/usr/bin/env python3
"""Prove a deployment: from an answer to a downloaded release, against the running containers.

    python3 deploy/smoke.py --url https://survey.example.org
    python3 deploy/smoke.py --url https://localhost --insecure --everything

It works in a rehearsal of its own and with accounts of its own, closes what it opened, and leaves a release that is
stamped as a rehearsal. `--everything` adds the self-test, a copy that is put in the place of the database, and a
restart under an open form: only before the first real answer. Standard library only; `--compose` names another
program than `docker compose`.
"""

import argparse
import hashlib
import io
import json
import re
import secrets
import shlex
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

PATIENCE = 300
SETUP = """
from datetime import date, timedelta
from accounts.actions import create_token, create_user
from accounts.actors import command
from accounts.enums import Role, Scope
from survey import actions
from survey.enums import Mode
actor, name = command("smoke"), "{name}"
survey = actions.create_survey(actor, name, "mris", Mode.REHEARSAL)
actions.open_wave(actor, actions.create_wave(actor, survey, ["en"], date.today() + timedelta(days=30)))
print("TOKENS", *(
    create_token(actor, create_user(actor, f"{{who}}@{{name}}.example.org", "{password}", roles), "smoke", Scope)
    for who, roles in {{"asks": [Role.RESEARCHER], "first": [Role.REVIEWER], "second": [Role.REVIEWER]}}.items()))
"""
TOKEN = """
from accounts.actions import create_token
from accounts.actors import command
from accounts.models import User
print("TOKENS", create_token(command("smoke"), User.objects.get(email="asks@{name}.example.org"), "smoke"))
"""
ANSWERS = {"con_age": "1", "con_read": "1", "con_store": "1", "con_sens": "1", "mdl": "1", "elig": "1"}


class Service:
    """The deployment from outside (`url`) and from the shell of its containers (`compose`)."""

    def __init__(self, url, compose, insecure):
        self.url, self.compose = url, shlex.split(compose)
        self.context = ssl._create_unverified_context() if insecure else None

    def ask(self, path, data=None, token="", tries=1):
        """Status and body; a repeat is harmless."""
        headers = {"Authorization": "Bearer " + token} if token else {}
        if token and data is not None:
            data, headers["Content-Type"] = json.dumps(data).encode(), "application/json"
        elif data is not None:
            data = urllib.parse.urlencode(data).encode()
        request = urllib.request.Request(self.url + path, data, headers)
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60, context=self.context) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                if error.code < 500 or tries <= 1:
                    return error.code, error.read()
            except OSError:
                if tries <= 1:
                    raise
            tries -= 1
            time.sleep(1)

    def call(self, *arguments):
        """Output of `docker compose ...`; ends the run if it fails."""
        done = subprocess.run([*self.compose, *arguments], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"failed: {' '.join(arguments[:6])}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def manage(self, *arguments):
        return self.call("exec", "-T", "web", "python", "manage.py", *arguments)

    def shell(self, program):
        """The words after TOKENS that a program for `manage.py shell` prints."""
        found = re.search(r"^TOKENS (.*)$", self.manage("shell", "-c", program), re.MULTILINE)
        return found.group(1).split()


def wait_for(what, look):
    deadline = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            sys.exit(f"waited {PATIENCE} s in vain for {what}")
        time.sleep(1)


def check(what, is_so, answer=b""):
    print(("ok    " if is_so else "WRONG ") + what, flush=True)
    if not is_so:
        sys.exit(answer[:1000].decode(errors="replace") or 1)


def ready(service):
    def look():
        try:
            return service.ask("/readyz")[0] == 200
        except OSError:
            return False

    wait_for("/readyz", look)
    check("everything answers (/readyz)", True)


def receipt_code(service):
    """As the form's own page makes them; the program of the service knows how."""
    return service.shell('from survey import receipts\nprint("TOKENS", receipts.make())')[0]


def answer(service, name):
    path = f"/en/s/{name}/"
    status, page = service.ask(path)
    check("the form comes in one document", status == 200 and b"<form" in page)
    form = {**ANSWERS, "wave": "1", "receipt": receipt_code(service)}
    first, again = service.ask(path, form, tries=5), service.ask(path, form, tries=5)
    check("an answer gets its receipt page, and a repeat the same", first[0] == 200 and first == again)
    check("the receipt page shows the code", form["receipt"].encode() in first[1])
    return form


def report(service, name, asks, first, second):
    service.manage("simulate", name, "--responses", "150", "--seed", "1")
    service.manage("wave", "close", name)
    service.manage("wave", "seal", name)
    check("the wave is sealed", True)
    status, body = service.ask("/api/v1/reports/", {"survey": name, "plan": "mris", "waves": [1]}, asks)
    check("a report is asked for", status == 201, body)
    address = f"/api/v1/reports/{json.loads(body)['id']}/"

    def state():
        return json.loads(service.ask(address, token=asks)[1])

    wait_for("the report", lambda: state()["state"] not in ("queued", "computing"))
    check("a worker made it", state()["state"] == "in_review")
    vote = {"verdict": "approve", "reason": "Smoke run.", "manifest_sha256": None}
    for reviewer in (first, second):
        vote["manifest_sha256"] = json.loads(service.ask(address, token=reviewer)[1])["manifest_sha256"]
        status, body = service.ask(address + "decisions/", vote, reviewer)
        check("a reviewer approves it", status == 201, body)
    wait_for("the release", lambda: state()["state"] == "released")
    check("it is released", True)


def download(service, name, token):
    """SHA-256 of the bundle."""
    slug = f"{name}-1"
    released = json.loads(service.ask(f"/api/v1/releases/{slug}/", token=token)[1])
    status, bundle = service.ask(f"/api/v1/releases/{slug}/bundle/", token=token)
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        listed = hashlib.sha256(archive.read("manifest.json")).hexdigest()
    check("the download is what two people approved", status == 200 and listed == released["manifest_sha256"])
    return hashlib.sha256(bundle).hexdigest()


def copy_and_restore(service, name, digest):
    copy = service.manage("backup").strip().splitlines()[-1]
    check(f"a copy is made ({copy})", copy.endswith(".sunset-copy"))
    run = ("run", "--rm", "-T", "--no-deps", "migrate", "python", "manage.py")
    service.call("stop", "web", "worker", "beat")
    service.call(*run, "restore", copy, "--replace")
    service.call("start", "web", "worker", "beat")
    ready(service)
    (token,) = service.shell(TOKEN.format(name=name))
    check("after the restoration the download is the same", download(service, name, token) == digest)


def restart_with_an_open_form(service, name):
    """What an upgrade does to somebody who has the form open."""
    service.manage("wave", "create", name, "--seal-on", "2099-01-01", "--languages", "en")
    service.manage("wave", "open", name)
    form = {**ANSWERS, "wave": "2", "receipt": receipt_code(service)}
    check("a form is open", service.ask(f"/en/s/{name}/")[0] == 200)
    service.call("restart", "web")
    status, page = service.ask(f"/en/s/{name}/", form, tries=60)
    check("and can be sent after the restart", status == 200 and form["receipt"].encode() in page)
    service.manage("wave", "close", name)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", required=True)
    options.add_argument("--compose", default="docker compose")
    options.add_argument("--insecure", action="store_true", help="do not check the certificate: for https://localhost")
    options.add_argument("--everything", action="store_true", help="also self-test, copy, restoration and restart")
    chosen = options.parse_args()
    service, name = Service(chosen.url.rstrip("/"), chosen.compose, chosen.insecure), "smoke-" + secrets.token_hex(3)
    ready(service)
    check("/metrics is not for the world", service.ask("/metrics")[0] == 404)
    asks, first, second = service.shell(SETUP.format(name=name, password=secrets.token_hex(12)))
    answer(service, name)
    report(service, name, asks, first, second)
    digest = download(service, name, asks)
    if chosen.everything:
        service.manage("anonymity_selftest", "--url", "http://127.0.0.1:8000")
        check("the self-test finds no trace", True)
        copy_and_restore(service, name, digest)
        restart_with_an_open_form(service, name)
    print(service.manage("audit", "verify"), end="")
    print("smoke run passed", flush=True)


if __name__ == "__main__":
    main()
