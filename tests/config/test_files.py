"""Files that people write: a mistake names file, line and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import FileMistake
from config.files import load
from config.law.orders import OrdersFile, PermitsFile
from config.settings import EdgeSettings, EnforcementSettings, IngestSettings, load_settings
from config.sites import SitesFile

PILOT = Path(__file__).parents[2] / "config" / "pilot"
ORDERS = (PILOT / "orders.yaml").read_text()

MISTAKES = [
    ("limit_kg: 7500", "limit_kg: 7.5t", "Expected 'int', got 'str'"),
    ("limit_kg: 7500", "limit_kgs: 7500", "unknown field 'limit_kgs'"),
    ("type: permanent", "type: forever", "Invalid enum value 'forever'"),
    ("site_id: ashcombe-west, direction: towards", "site_id: ashcombe-west, direction: north", "'north'"),
    ("min_elapsed_s: 45", "min_elapsed_s: -45", "Expected 'float' > 0"),
    ("effective_from: 2024-04-01", "effective_from: 1st of April", "RFC3339"),
    ('from: "07:00"', 'from: "7am"', "matching regex"),
]


@pytest.mark.parametrize(("right", "wrong", "expected"), MISTAKES)
def test_a_mistake_names_its_line(tmp_path: Path, right: str, wrong: str, expected: str) -> None:
    path = tmp_path / "orders.yaml"
    path.write_text(ORDERS.replace(right, wrong, 1))
    line = 1 + ORDERS[: ORDERS.index(right)].count("\n")
    with pytest.raises(FileMistake) as caught:
        load(path, OrdersFile)
    assert caught.value.line == line
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_field_names_the_line_of_what_lacks_it(tmp_path: Path) -> None:
    path = tmp_path / "orders.yaml"
    path.write_text(ORDERS.replace("    limit_kg: 7500", "", 1))
    with pytest.raises(FileMistake, match="missing required field 'limit_kg'") as caught:
        load(path, OrdersFile)
    assert caught.value.line == 1 + ORDERS[: ORDERS.index("- order_id")].count("\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"orders: [", "not YAML"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: 1\na: 2\n", "duplicate key"),
        (b"", "Expected 'object'"),
    ],
)
def test_what_is_no_yaml_says_so(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "orders.yaml"
    path.write_bytes(content)
    with pytest.raises(FileMistake, match=words):
        load(path, OrdersFile)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileMistake, match="cannot be read"):
        load(tmp_path / "none.yaml", OrdersFile)


def test_the_pilot_is_three_villages_two_orders_four_cameras_and_a_van() -> None:
    orders = load(PILOT / "orders.yaml", OrdersFile).orders
    sites = {site.site_id: site for site in load(PILOT / "sites.yaml", SitesFile).sites}
    assert len(orders) == 2
    assert [site.kind for site in sites.values()].count("fixed") == 4
    assert [site.kind for site in sites.values()].count("van") == 1
    named = {point.site_id for o in orders for z in o.zones for p in z.pairs for point in (p.entry, p.exit)}
    assert named == {site_id for site_id, site in sites.items() if site.kind == "fixed"}
    order_ids = {order.order_id for order in orders}
    assert {permit.order_id for permit in load(PILOT / "permits.yaml", PermitsFile).permits} <= order_ids


def test_every_unit_of_the_pilot_knows_its_site_as_the_centre_does() -> None:
    sites = {site.site_id: site for site in load(PILOT / "sites.yaml", SitesFile).sites}
    units = [load_settings(path, EdgeSettings, {}) for path in sorted((PILOT / "units").glob("*.yaml"))]
    assert {camera.site.site_id for unit in units for camera in unit.cameras} == set(sites)
    for camera in (camera for unit in units for camera in unit.cameras):
        assert camera.site == sites[camera.site.site_id]


def test_the_pilots_central_settings_load_with_paths_from_their_folder() -> None:
    ingest = load_settings(PILOT / "ingest.yaml", IngestSettings, {})
    enforcement = load_settings(PILOT / "enforcement.yaml", EnforcementSettings, {})
    assert ingest.database_url == enforcement.database_url == f"sqlite:///{PILOT}/../../var/hgv.sqlite"
    assert Path(enforcement.policy_file).parent == PILOT


def test_the_environment_overrides_single_values() -> None:
    unit = PILOT / "units" / "unit-ashcombe-west.yaml"
    settings = load_settings(
        unit,
        EdgeSettings,
        {"HGV_BROKER__PORT": "8883", "HGV_CAMERAS__0__SOURCE": "/clips/a.mp4", "HGV_METRICS__PORT": "9101"},
    )
    assert settings.broker.port == 8883
    assert settings.cameras[0].source == "/clips/a.mp4"
    assert settings.metrics is not None
    assert settings.metrics.host == "127.0.0.1"


@pytest.mark.parametrize("name", ["HGV_BROKER__PORT", "HGV_NO_SUCH_THING", "HGV_CAMERAS__9__SOURCE"])
def test_an_override_that_does_not_fit_is_named(name: str) -> None:
    with pytest.raises(FileMistake, match=name):
        load_settings(PILOT / "units" / "unit-ashcombe-west.yaml", EdgeSettings, {name: "nonsense"})
