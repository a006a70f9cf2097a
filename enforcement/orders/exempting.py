"""What D-TRO and our orders call the same exemption. What is narrower or wider than ours is not mapped."""

from __future__ import annotations

from config.law.orders import Exemption
from enforcement.orders.conditions import Leaf

# Each means the same vehicles as our word; "policeVehicle" alone would be narrower than EMERGENCY_SERVICES.
_BY_USAGE = {
    "access": Exemption.ACCESS_LOADING,
    "accessToOffStreetPremises": Exemption.OFF_STREET_PREMISES,
    "emergencyServicesVehicle": Exemption.EMERGENCY_SERVICES,
    "busOperationPurpose": Exemption.BUSES,
    "publicServiceVehicle": Exemption.BUSES,
    "highwayAuthorityPurpose": Exemption.HIGHWAY_MAINTENANCE,
    "statutoryUndertakerPurpose": Exemption.STATUTORY_UNDERTAKERS,
}
_BY_TYPE = {
    "bus": Exemption.BUSES,
    "agriculturalVehicle": Exemption.AGRICULTURAL,
    "emergencyServicesVehicle": Exemption.EMERGENCY_SERVICES,
    "publicServiceVehicle": Exemption.BUSES,
}
_ACCESS = {"accessOnly", "destinationTraffic", "loadingAndUnloading", "sourceAndDestinationTraffic"}
_NARROWING_PERMIT = {
    "maxDurationOfPermit": "how long a permit lasts stands in the list of permits",
    "maximumAccessDuration": "how long a permit holder may stay is not checked",
    "minimumTimeToNextEntry": "when a permit holder may enter again is not checked",
}


class NoSuchExemption(Exception):
    """A condition that lets somebody through whom no exemption of ours stands for; the text says who."""


def exemption_of(leaf: Leaf) -> Exemption:
    """The exemption of whoever meets the condition. Raises NoSuchExemption."""
    match leaf.kind:
        case "vehicleUsage":
            return _named(leaf, _BY_USAGE)
        case "vehicleType":
            return _named(leaf, _BY_TYPE)
        case "accessCondition":
            return _access(leaf)
        case "permitCondition":
            return _permit(leaf)
        case "driverCondition":
            if leaf.place.at("driverCharacteristics").text() == "learnerDriver":
                return Exemption.DRIVER_TRAINING
    raise NoSuchExemption(f"no exemption of ours stands for this '{leaf.kind}'")


def only_through_traffic(leaf: Leaf) -> bool:
    """Whether a condition says that an order binds through traffic alone, which exempts access."""
    kinds = leaf.place.at("accessConditionType").each()
    return (
        leaf.kind == "accessCondition"
        and leaf.place.keys() == ["accessConditionType"]
        and [kind.text() for kind in kinds] == ["throughTraffic"]
    )


def _named(leaf: Leaf, words: dict[str, Exemption]) -> Exemption:
    word = leaf.place.text()
    if word not in words:
        raise NoSuchExemption(f"no exemption of ours stands for '{leaf.kind}: {leaf.place.value}'")
    return words[word]


def _access(leaf: Leaf) -> Exemption:
    kinds = [kind.text() for kind in leaf.place.at("accessConditionType").each()]
    if leaf.place.keys() != ["accessConditionType"] or not kinds or not set(kinds) <= _ACCESS:
        raise NoSuchExemption("this access is narrower or wider than our 'access_loading'")
    return Exemption.ACCESS_LOADING


def _permit(leaf: Leaf) -> Exemption:
    for name, why in _NARROWING_PERMIT.items():
        if leaf.place.at(name).value is not None:
            raise NoSuchExemption(f"'{name}': {why}")
    return Exemption.PERMIT_HOLDERS
