"""More styles that the filter was developed with: live pages, other scripts, glued links."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from benchmarks.pages.building import body, links, menu, page
from benchmarks.pages.prose import headline, teaser

if TYPE_CHECKING:
    import random

    from benchmarks.pages.prose import Text


def live(rng: random.Random, text: Text) -> str:
    """A live page: entries with clocks and buttons between them."""
    out = []
    for i, (tag, words) in enumerate(text.blocks):
        if i % 3 == 0:
            out.append(
                f"<div><time>{rng.randrange(10, 22)}:{rng.randrange(10, 59)}</time> <span>{i + 2} minutes "
                "ago</span></div>"
            )
        name = "p" if tag == "li" else tag
        out.append(f"<{name}>{escape(words, quote=False)}</{name}>")
        if i % 3 == 2:
            out.append("<div>Share</div>")
    return page(
        f"<title>{text.title} - live</title>",
        menu("News, Sport, Live, Video")
        + f"<div>LIVE</div><h1>{text.title}</h1><div>Last updated 4 March 2026 18:20 UTC</div>"
        + "<div>Sort by newest first</div><div>Turn on notifications</div><main>"
        + "\n".join(out)
        + f"</main><div>Load more</div><div>Most viewed</div><ul>{links(rng, 5)}</ul>"
        + "<div>Get in touch with us: send us your pictures</div>",
    )


def glued(rng: random.Random, text: Text) -> str:
    """A copy site that runs the original's links into its paragraphs."""
    blocks = list(text.blocks)
    spots = [i for i, (tag, words) in enumerate(blocks) if tag == "p" and words.count(". ") > 1]
    made = body(text)
    for i in spots[1:3]:
        words = blocks[i][1]
        cut = words.index(". ") + 2
        lead = rng.choice(["Read more from Harbour Post:", "Read more:", "More on the truce:"])
        put = f"{words[:cut]}{lead}{headline(rng)}{headline(rng)} {words[cut:]}"
        made = made.replace(escape(words, quote=False), escape(put, quote=False), 1)
    return page(
        f"<title>{text.title}</title>",
        f"<div>Home</div><div>Trending</div><h1>{text.title}</h1><div>By admin | Mar 4, 2026</div>{made}"
        "<p>This article was first published by Harbour Post.</p><div>Facebook</div><div>Tweet</div>"
        f"<h3>You may also like</h3><div><h4>{headline(rng)}</h4><p>{teaser(rng)}</p></div>",
    )


def arabic(rng: random.Random, text: Text) -> str:
    """A page that is read from right to left."""
    return page(
        f"<title>{text.title}</title>",
        menu("الرئيسية, أخبار, سياسة, اقتصاد, رياضة, ثقافة")
        + f"<article><h1>{text.title}</h1><div>بقلم {text.author}</div><div>4 مارس 2026</div>"
        + "<div>شارك</div>"
        + body(text)
        + f"</article><h3>مقالات ذات صلة</h3><ul>{links(rng, 4, 'ar')}</ul><h3>التعليقات</h3>"
        + "<p>لا توجد تعليقات بعد</p><footer>جميع الحقوق محفوظة</footer>",
        language="ar",
        direction="rtl",
    )


def german(rng: random.Random, text: Text) -> str:
    """A German paper: consent, a wall for payers, recommendations."""
    return page(
        f"<title>{text.title} - Hafenbote</title>",
        "<div>Wir verwenden Cookies, um Ihnen die Nutzung unserer Website zu erleichtern.</div>"
        "<button>Alle akzeptieren</button>"
        + menu("Startseite, Politik, Wirtschaft, Sport, Kultur, Anmelden, Abo")
        + f"<article><h1>{text.title}</h1><div>Von {text.author}</div><div>Stand: 04.03.2026, 10:02 Uhr"
        + "</div><div>Artikel teilen</div>"
        + body(text, {3: "<div>Anzeige</div>"})
        + f"</article><h3>Das könnte Sie auch interessieren</h3><ul>{links(rng, 4, 'de')}</ul>"
        + f"<h3>Meistgelesen</h3><ol>{links(rng, 3, 'de')}</ol><h3>Kommentare</h3><p>Zum Kommentieren "
        + "bitte anmelden.</p><div>Impressum</div><div>Datenschutz</div><div>AGB</div>",
        language="de",
    )


def ukrainian(rng: random.Random, text: Text) -> str:
    """A Ukrainian site: subscriptions to channels, read also, tags."""
    return page(
        f"<title>{text.title} - Гавань</title>",
        menu("Головна, Новини, Політика, Економіка, Спорт, Відео")
        + f"<article><h1>{text.title}</h1><div>4 березня 2026, 10:02</div><div>Автор: {text.author}</div>"
        + body(
            text,
            {
                2: f"<p><b>Читайте також:</b> <a>{headline(rng, 'uk')}</a></p>",
                4: "<p>Підписуйтесь на наш Telegram-канал</p>",
            },
        )
        + "<div>Теги:</div><ul><li>перемир'я</li><li>гавань</li></ul></article>"
        + f"<h3>Новини за темою</h3><ul>{links(rng, 4, 'uk')}</ul><h3>Коментарі</h3><div>Увійдіть, щоб "
        + "залишити коментар</div><footer>Усі права захищено</footer>",
        language="uk",
    )
