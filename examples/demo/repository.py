"""A real git repository: a bare one that tells its webhook of every push, and a clone to work in."""

import shutil
import subprocess
import sys

HOOK = """#!{python}
import json, subprocess, sys, urllib.request

for line in sys.stdin:
    before, after, name = line.split()
    branch = name.removeprefix("refs/heads/")
    said = subprocess.run(["git", "log", "-1", "--format=%an%n%s", after], capture_output=True, text=True, check=True)
    author, message = said.stdout.strip().split("\\n", 1)
    changed = subprocess.run(["git", "diff-tree", "--root", "--no-commit-id", "--name-only", "-r", after],
                             capture_output=True, text=True, check=True).stdout.split()
    commit = {{"id": after, "message": message, "author": {{"name": author}}, "modified": changed}}
    body = {{"ref": name, "before": before, "after": after, "head_commit": commit, "commits": [commit]}}
    request = urllib.request.Request("{url}", json.dumps(body).encode(), {{"Content-Type": "application/json"}})
    with urllib.request.urlopen(request, timeout=30) as reply:
        print("webhook:", reply.read().decode())
"""


class Repository:
    """`origin`, bare, and `work`, its clone."""

    def __init__(self, folder):
        self.origin, self.work = folder / "origin.git", folder / "work"
        self._git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin), at=folder)
        self._git("clone", "--quiet", str(self.origin), str(self.work), at=folder)
        self._git("checkout", "--quiet", "-B", "main")
        for name, value in (("user.name", "Ada"), ("user.email", "ada@example.com")):
            self._git("config", name, value)

    def tell(self, url):
        """From now on every push is told to the address."""
        hook = self.origin / "hooks" / "post-receive"
        hook.write_text(HOOK.format(python=sys.executable, url=url))
        hook.chmod(0o755)

    def fill(self, source):
        """A copy of a folder, to be committed."""
        shutil.copytree(source, self.work, dirs_exist_ok=True, ignore=shutil.ignore_patterns("dist", "__pycache__"))

    def write(self, name, text):
        """A file, to be committed."""
        file = self.work / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def push(self, message):
        """Commit all, and push."""
        print(f"\n\033[1m$ git commit --message '{message}' && git push\033[0m", flush=True)
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        self._git("push", "--quiet", "origin", "main")

    def _git(self, *arguments, at=None):
        subprocess.run(["git", *arguments], cwd=at or self.work, check=True)
