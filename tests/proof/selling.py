"""How the machine of a search sells, by what its devices can prove."""

from kiosk.order.change import Hopper, Till
from kiosk.order.model import Policy
from kiosk.order.policies import SalePolicy
from tests.proof.world import COIN, Setting

PLENTY = 50


def policy(setting: Setting) -> Policy:
    """How a machine sells whose devices can prove this, or one that believes that they can prove everything."""
    sale = SalePolicy(
        acceptor_remembers=setting.lasting_accepts or setting.believes_all,
        hopper_remembers=setting.lasting_payouts or setting.believes_all,
        printer_remembers=setting.lasting_sheets or setting.believes_all,
    )
    notes = (setting.note * COIN,) if setting.bills else ()
    return Policy(denominations=(COIN,), hopper_coin=COIN, notes=notes, sale=sale)


def till(setting: Setting) -> Till | None:
    """What the machine may take and give; where only coins are taken it has change for all of them."""
    if not setting.bills:
        return None
    coins = setting.reach if setting.plans_change else PLENTY
    return Till((COIN,), (setting.note * COIN,), (Hopper(COIN, coins),))
