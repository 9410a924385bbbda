"""What the tests of pages say of accessibility, on a page with a planted fault."""

import pytest

from tests.browser.browsers import THEMES, Theme, chromium, faults_of, skip_without_chromium

PAGE = """<!doctype html><html lang="en"><title>Planted</title>
<style>@media (prefers-color-scheme: %s) { h1 { color: #777; background: #888 } }</style>
<main><h1>A heading</h1></main>"""


@pytest.mark.parametrize("faulty", THEMES)
def test_a_fault_of_one_theme_is_found_in_it_alone(faulty: Theme):
    skip_without_chromium()
    with chromium() as browser, browser.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE % faulty)
        for theme in (*THEMES, *THEMES):
            page.emulate_media(color_scheme=theme)
            found = [each["id"] for each in faults_of(page)]
            assert found == (["color-contrast"] if theme == faulty else [])
