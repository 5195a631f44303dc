"""The browser demo from Python's side: the built page with a bundle, served or written out."""

from glissando.demo.server import DemoServer
from glissando.demo.site import Site, SiteError, open_site, write_site

__all__ = ["DemoServer", "Site", "SiteError", "open_site", "write_site"]
