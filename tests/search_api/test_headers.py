"""The headers every answer carries: nothing from elsewhere runs or loads, save covers that were configured."""

from mappings.site import Covers, load_site
from search_api.headers import security_headers

SITE = load_site()


def test_nothing_from_elsewhere_is_loaded_and_nothing_inline_runs() -> None:
    headers = security_headers(SITE)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy


def test_a_configured_cover_service_is_the_only_other_source_and_of_pictures_only() -> None:
    site = SITE.model_copy(update={"covers": Covers(url="https://covers.example/{isbn}.jpg")})
    policy = security_headers(site)["Content-Security-Policy"]
    assert "img-src 'self' https://covers.example;" in policy
    assert policy.count("https:") == 1


def test_browsers_are_told_to_come_by_tls_only_where_that_is_configured() -> None:
    assert "Strict-Transport-Security" not in security_headers(SITE)
    headers = security_headers(SITE, 31_536_000)
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["Content-Security-Policy"].endswith("upgrade-insecure-requests")
