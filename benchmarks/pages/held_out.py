"""Styles written before any score was looked at, and never used to change the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.pages.building import body, links, menu, page
from benchmarks.pages.prose import headline, person, teaser

if TYPE_CHECKING:
    import random

    from benchmarks.pages.prose import Text


def magazine(rng: random.Random, text: Text) -> str:
    """A monthly: issues and departments, an appeal to subscribe, a contributor's note."""
    inserts = {
        3: f"<aside><p>From the archive</p><a>{headline(rng)}</a><p>By {person(rng)}</p></aside>",
        6: "<div><p>Enjoying this piece? Print and digital issues from 3 crowns a month.</p>"
        "<a>See our offers</a></div>",
    }
    return page(
        f"<title>{text.title} — The Tidewater Review</title>",
        "<header><div>The Tidewater Review</div><div>Issue 44 · Spring 2026</div>"
        + menu("Essays, Dispatches, Books, Poetry, Back issues, Give a gift", "div")
        + f"</header><div class='piece'><div>Dispatches</div><h1>{text.title}</h1><div>Words {text.author}"
        + f"</div><div>Illustration {person(rng)}</div>"
        + body(text, inserts)
        + f"<p>{text.author} is a writer and translator. Her last book is called The Salt Road.</p></div>"
        + f"<div><div>You finished this one. Here are three others</div><ul>{links(rng, 3)}</ul></div>"
        + "<div>Letters to the editor: letters@tidewater.example</div><div>Stockists</div>"
        + "<div>Typeset in Garamond. Printed on the island.</div>",
    )


def aggregator(rng: random.Random, text: Text) -> str:
    """A site that collects from others: votes, sources, other outlets' headlines."""
    outlets = ["Harbour Post", "Valley Times", "The Dam Gazette", "Northern Radio"]
    return page(
        f"<title>{text.title} - NewsBundle</title>",
        "<div>NewsBundle</div><div>For You</div><div>Local</div><div>Blindspot</div><div>My News</div>"
        f"<div>Bias ratings 14 sources</div><h1>{text.title}</h1><div>Summary by NewsBundle</div>"
        f"<div>Published 1 day ago • Marlin</div>"
        + body(text)
        + "<div>Insights by NewsBundle</div><div>Does this summary seem wrong?</div>"
        + "<div>Was this helpful? 👍 12 👎 3</div><div>14 articles</div><div>All 14</div><div>Left 3</div>"
        + "<div>Centre 8</div>"
        + "".join(
            f"<div>{outlet}</div><div>{rng.randrange(2, 22)} hours ago</div><h4>{headline(rng)}</h4>"
            f"<p>{teaser(rng)}</p><div>Read full article</div>"
            for outlet in outlets
        )
        + "<div>Coverage details</div><div>Total news sources 14</div><div>Last updated 1 day ago</div>",
    )


def broadcaster(rng: random.Random, text: Text) -> str:
    """A public broadcaster: players, captions, where to follow, other services."""
    inserts = {
        1: "<figure><figcaption>The crossing has been shut since the autumn</figcaption></figure>",
        4: f"<div><span>Media caption,</span> <span>Watch: {headline(rng)}</span></div>",
        5: f"<ul><li><a>{headline(rng)}</a></li><li><a>{headline(rng)}</a></li></ul>",
    }
    return page(
        f"<title>{text.title} - IBC News</title><meta property='og:site_name' content='IBC News'>",
        "<div>IBC</div><div>Your account</div>"
        + menu("News, Sport, Weather, Player, Sounds, Bitesize, More menu")
        + f"<main><h1>{text.title}</h1><div>2 days ago</div><div><div>{text.author}</div><div>Island "
        + "affairs correspondent</div></div>"
        + body(text, inserts)
        + f"</main><div><h2>Top stories</h2><ul>{links(rng, 3)}</ul><h2>Elsewhere on the IBC</h2>"
        + f"<ul><li>The man who sold a lighthouse twice</li><li>{headline(rng)}</li></ul>"
        + "<h2>Explore the IBC</h2></div><footer><ul><li>Terms of Use</li><li>About the IBC</li><li>"
        + "Parental Guidance</li></ul><p>Copyright © 2026 IBC. The IBC is not responsible for the "
        + "content of external sites. Read about our approach to external linking.</p></footer>",
    )


def institute(rng: random.Random, text: Text) -> str:
    """A research institute: how to cite, footnotes, experts, events."""
    return page(
        f"<title>{text.title} | Institute for Straits Studies</title>",
        "<div>Institute for Straits Studies</div>"
        + menu("Research, Programmes, Experts, Events, Publications, Store")
        + f"<div>Commentary</div><h1>{text.title}</h1><div>{text.author}</div><div>March 4, 2026</div>"
        + "<div>Download the full paper (PDF, 1.2 MB)</div>"
        + body(text)
        + f"<h3>Cite this work</h3><p>{text.author}, “{text.title}”, Straits Papers 18 (2026).</p>"
        + f"<h3>Experts</h3><div>{person(rng)}</div><div>Senior Fellow, Maritime Programme</div>"
        + f"<div>{person(rng)}</div><div>Head of Research</div><h3>Upcoming events</h3><ul><li>12 March: "
        + f"Book launch with {person(rng)}</li><li>19 March: Annual lecture</li></ul>"
        + "<p>The Institute for Straits Studies is a non-profit organisation. It takes no positions of "
        + "its own; the views in its papers are those of their authors.</p><div>Sign up for our "
        + "updates</div><div>1200 Lighthouse Avenue, Marlin</div><div>T +00 555 0190</div>",
    )


def spanish(rng: random.Random, text: Text) -> str:
    """A paper in a language for whose frames there is no vocabulary at all."""
    return page(
        f"<title>{text.title} | El Correo del Puerto</title>",
        menu(
            "Portada, Internacional, Economía, Deportes, Cultura, Opinión, Iniciar sesión, Suscríbete"
        )
        + "<div>Utilizamos cookies propias y de terceros para mejorar su experiencia. Si continúa "
        + "navegando, acepta su uso.</div><button>Aceptar</button>"
        + f"<h1>{text.title}</h1><div>Por {text.author}</div><div>4 de marzo de 2026 - 10:02</div>"
        + "<div>Compartir</div><div>Facebook</div><div>WhatsApp</div>"
        + body(text, {3: "<div>Publicidad</div>"})
        + "<div>Archivado en:</div><ul><li>Tregua</li><li>Puerto</li></ul>"
        + f"<h3>Te puede interesar</h3><ul>{links(rng, 4, 'es')}</ul><h3>Lo más leído</h3>"
        + f"<ol>{links(rng, 4, 'es')}</ol><h3>Comentarios</h3><p>Normas de la comunidad</p>"
        + "<p>© El Correo del Puerto. Todos los derechos reservados.</p>",
        language="es",
    )
