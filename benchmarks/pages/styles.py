"""Styles that the filter was developed with: portals, blogs, wires, offices, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.pages.building import body, comments, links, menu, page
from benchmarks.pages.prose import headline, person, teaser

if TYPE_CHECKING:
    import random

    from benchmarks.pages.prose import Text


def portal(rng: random.Random, text: Text) -> str:
    """A large news portal: menus, a ticker, links inside the text, lists at the side and below."""
    middle = len(text.blocks) // 2
    inserts = {
        2: '<div class="ad">Advertisement</div>',
        middle: f'<p><strong>Read more:</strong> <a href="/x">{headline(rng)}</a></p>',
        middle + 2: (
            '<div class="nl"><h4>Sign up for our morning briefing</h4><p>Get the most important '
            "stories in your inbox every day.</p><button>Subscribe</button></div>"
        ),
    }
    return page(
        f"<title>{text.title} | Island Standard</title>"
        '<meta property="og:site_name" content="Island Standard">'
        '<meta property="article:published_time" content="2026-03-04T10:00:00+02:00">',
        menu("Home, World, Politics, Business, Sport, Culture, Opinion, Weather, Log in, Subscribe")
        + f'<div class="ticker"><span>Breaking news</span><ul>{links(rng, 3)}</ul></div>'
        + f'<article><h1>{text.title}</h1><div class="meta">By {text.author} | 4 March 2026 | 5 min '
        + "read</div><div>Share Facebook Twitter WhatsApp</div>"
        + body(text, inserts)
        + '<div class="tags"><span>Tags</span> <a>truce</a> <a>harbour</a></div></article>'
        + f"<aside><h3>Most read</h3><ol>{links(rng, 5)}</ol></aside>"
        + f"<section><h3>More on this story</h3><ul>{links(rng, 4)}</ul></section>"
        + "<footer><p>© 2026 Island Standard. All rights reserved.</p>"
        + menu("Privacy Policy, Terms of Service, Contact us, Careers", "div")
        + "</footer>",
    )


def blog(rng: random.Random, text: Text) -> str:
    """A private blog: a slogan, labels, an archive at the side, a comment form."""
    return page(
        f"<title>Harbour Notes: {text.title}</title>",
        "<h1>Harbour Notes</h1><p>Thoughts from the quay, most days.</p>"
        f'<div class="post"><h2 class="date">Wednesday, March 4, 2026</h2><h3>{text.title}</h3>'
        + body(text)
        + f"<p><i>Keep the Lights On! {text.author}</i></p></div>"
        + f"<div>Posted by {text.author} at 8:14 AM</div><div>Labels: truce, harbour, boats</div>"
        + "<div><a>Email This</a> <a>BlogThis!</a> <a>Share to X</a> <a>Share to Facebook</a></div>"
        + "<h4>No comments:</h4><h4>Post a Comment</h4><div><a>Newer Post</a> <a>Older Post</a> "
        + "<a>Home</a></div><div>Subscribe to: Post Comments (Atom)</div>"
        + "<div class='side'><h2>About Me</h2><p>I write about boats and the people in them. "
        + "View my complete profile</p><h2>Blog Archive</h2><ul><li>2026 (31)</li><li>2025 (210)</li>"
        + f"</ul><h2>Popular Posts</h2><ul>{links(rng, 3)}</ul><p>Powered by Blogger.</p></div>",
    )


def wire(rng: random.Random, text: Text) -> str:
    """A wire story as a subscriber prints it: dateline, agency, who reported and edited."""
    del rng
    first = text.blocks[0][1]
    kept = body(text).replace(first, f"MARLIN, March 4 (Reuters) - {first}", 1)
    return page(
        f"<title>{text.title}</title>",
        f"<div><h1>{text.title}</h1><p>By Reuters</p><p>March 4, 2026 10:02 AM UTC | Updated 3 hours "
        f"ago</p><div>{kept}</div><p>(Reporting by {text.author}; Editing by Rita Stone)</p>"
        "<p>Our Standards: The Wire Trust Principles.</p><p>Suggested Topics:</p><ul><li>World</li>"
        "<li>Peace talks</li></ul><p>Purchase Licensing Rights</p></div>"
        "<div>All quotes delayed a minimum of 15 minutes.</div>",
    )


def government(rng: random.Random, text: Text) -> str:
    """A ministry's press release: a path, a reference, notes to editors, a press office."""
    return page(
        f"<title>{text.title} - Ministry of Foreign Affairs</title>",
        "<div>An official website of the government</div><a>Skip to main content</a>"
        "<div>Home > News > Press releases</div>"
        f"<main><h1>{text.title}</h1><dl><dt>Published:</dt><dd>4 March 2026</dd><dt>Ref:</dt>"
        "<dd>PR/2026/118</dd></dl>"
        + body(text)
        + "<h2>Notes to editors</h2><p>The ministry leads on the mission in the valley with its "
        + "partners.</p><h2>Media enquiries</h2><p>Email press@ministry.example</p><p>Telephone "
        + "020 5550 1180</p><div>Share this page</div><ul><li>Facebook</li><li>X</li></ul>"
        + "<div>Print this page</div></main>"
        + f"<div><h2>Related content</h2><ul>{links(rng, 3)}</ul></div>"
        + "<footer>Help Privacy Cookies Accessibility statement Contact Terms and conditions</footer>"
        + "<div>Is this page useful? Yes No Report a problem with this page</div>",
    )


def ngo(rng: random.Random, text: Text) -> str:
    """An aid organisation: a cookie notice, appeals for money, who it is, a footer."""
    return page(
        f"<title>{text.title} | Open Harbours</title>",
        "<div id='cc'><h3>Cookie settings</h3><p>We use cookies to understand how you use our site "
        "and to improve your experience. You can change your preferences at any time.</p>"
        "<button>Accept all</button><button>Reject all</button></div>"
        + menu("What we do, Where we work, Get involved, Donate, News, Search")
        + f"<div><span>News</span><h1>{text.title}</h1><p>4 March 2026</p>"
        + body(
            text,
            {
                3: "<div><p>Your gift of 20 crowns can give a family water for a month.</p>"
                "<a>Donate now</a></div>"
            },
        )
        + "</div><h3>About Open Harbours</h3><p>Open Harbours is an independent organisation that "
        + "works in 14 countries. Since 1989 we have helped families to return home.</p>"
        + f"<h3>Media contacts</h3><p>{person(rng)}, media@openharbours.example, +00 555 018</p>"
        + "<h3>Stay in touch</h3><p>Sign up to receive news about our work and how you can help.</p>"
        + "<input><button>Sign up</button><p>Registered charity no. 555018</p>",
    )


def regional(rng: random.Random, text: Text) -> str:
    """A regional paper: a wall for payers, advertisements, notices, a biography below."""
    inserts = {
        1: "<div>Advertisement</div>",
        3: "<p>Article continues below</p><div>ADVERTISEMENT</div>",
        5: "<div><p>Support local journalism. Become a subscriber today for just 2 crowns a week.</p></div>",
    }
    return page(
        f"<title>{text.title} - Valley Courier</title>",
        menu("Obituaries, E-Edition, Classifieds, Jobs, Homes, Local Sport")
        + "<div>You have 2 free articles left this month. Already a subscriber? Log in</div>"
        + f"<div class='story'><h1>{text.title}</h1><div>{text.author} Valley Courier</div><div>Published "
        + "March 4, 2026 at 6:00 a.m.</div><div>Listen to this article</div><figure><img><figcaption>"
        + f"Photo: {person(rng)} / Valley Courier</figcaption></figure>"
        + body(text, inserts)
        + f"<p>{text.author} is a staff reporter at the Valley Courier who covers the harbour and "
        + "transport. She can be reached at news@courier.example.</p></div>"
        + f"<h4>Trending</h4><ol>{links(rng, 4)}</ol><h4>Today's Deaths</h4><ul><li>{person(rng)}, 81</li>"
        + f"<li>{person(rng)}, 77</li></ul><div>Copyright 2026 Valley Courier. No part of this site may "
        + "be reproduced without permission.</div>",
    )


def newsletter(rng: random.Random, text: Text) -> str:
    """A mail to subscribers: tables, a greeting, an appeal, how to leave."""
    cells = body(text, attributes='style="font-size:16px"')
    return page(
        f"<title>{text.title}</title>",
        "<table width='600'><tr><td>View this email in your browser</td></tr><tr><td><b>The Quay "
        "Letter</b> No. 118</td></tr><tr><td>Forwarded this email? Subscribe here for more</td></tr>"
        f"<tr><td><h1>{text.title}</h1></td></tr><tr><td>{text.author}</td></tr><tr><td>Mar 4, 2026</td></tr>"
        f"<tr><td>{cells}</td></tr><tr><td>If you liked this letter, share it with a friend.</td></tr>"
        f"<tr><td><a>Like</a> <a>Comment</a> <a>Restack</a></td></tr><tr><td>What we are reading</td></tr>"
        f"<tr><td><ul>{links(rng, 3)}</ul></td></tr><tr><td>You are receiving this because you signed "
        "up at quay.example. <a>Unsubscribe</a> or <a>update your preferences</a>.</td></tr>"
        "<tr><td>The Quay Letter, 12 Harbour Street, Marlin</td></tr></table>",
    )


def forum(rng: random.Random, text: Text) -> str:
    """A site whose readers write more than its authors."""
    return page(
        f"<title>{text.title} : Open Quay</title>",
        "<div>Open Quay | New | Top | Submit | Login</div>"
        f"<div class='entry'><h1>{text.title}</h1><p>{rng.randrange(9, 400)} points</p>"
        f"<p>Posted by {text.author} on 4 March 2026</p>"
        + body(text)
        + f"</div><div id='comments'><h3>{rng.randrange(4, 90)} Comments</h3><p>Sort by newest</p>"
        + comments(rng, rng.randrange(6, 16))
        + "<h3>Leave a Reply</h3><p>Your email address will not be published. Required fields are "
        + "marked *</p><form><label>Name *</label><label>Email *</label><p>Save my name, email, and "
        + "website in this browser for the next time I comment.</p><button>Post Comment</button></form>"
        + "</div>",
    )


def shop(rng: random.Random, text: Text) -> str:
    """A theme made for shops, used for news: cart, saved articles, previous and next."""
    return page(
        f"<title>{text.title}</title>",
        "<div>Search</div><div>Shopping cart</div><p>Your cart is empty</p><div>Saved articles</div>"
        "<p>You have not yet added any article to your bookmarks!</p><a>Browse articles</a>"
        "<div>Subscribe to the Newsletter</div><p>Join 10k+ people to get notified about new posts, "
        "news and tips.</p><small>Do not worry we don't spam!</small><div>GDPR Compliance</div><p>We "
        "use cookies to ensure you get the best experience on our website. By continuing to use our "
        "site, you accept our use of cookies.</p><button>Accept</button>"
        f"<h1>{text.title}</h1>"
        + body(text)
        + f"<div>Prev Article</div><a>{headline(rng)}</a><div>Next Article</div><a>{headline(rng)}</a>"
        + "<h5>Related to this topic:</h5><div>Comments</div><div>By - Marnews 04 Mar 2026 5 Mins Read"
        + f"</div><div>Email : 0</div><h4>Related Post</h4><div><h5>{headline(rng)}</h5><p>{teaser(rng)}"
        + "</p></div>",
    )
