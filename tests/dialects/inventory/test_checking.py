"""A release says that its package is being checked, or why it was refused."""

from dataclasses import replace

from chalicelib.kernel.releases.release import ReleaseKey
from tests.dialects.inventory.site import UNIT, Site

KEY = ReleaseKey(namespace="demo", application="app", version="1.0")


def test_a_release_says_what_became_of_its_package() -> None:
    site = Site()
    site.register("1.0")
    assert site.upload("v1.0", b"x").status == 200
    package = site.inventory.release(KEY).package
    assert package is not None
    assert "package" not in site.get(f"{UNIT}/versions/1.0/?full=true")

    checking = replace(package, is_checking=True)
    site.inventory.releases[KEY] = replace(site.inventory.release(KEY), package=checking)
    assert site.get(f"{UNIT}/versions/1.0/?full=true")["package"] == "checking"
    assert site.said_to("GET", f"{UNIT}/versions/1.0/download")[0] == 404

    site.inventory.refuse_package(KEY, checking, "it is damaged")
    assert site.get(f"{UNIT}/versions/1.0/?full=true")["package"] == "refused: it is damaged"
    assert site.upload("v1.0", b"x").status == 200
    assert "package" not in site.get(f"{UNIT}/versions/1.0/?full=true")
