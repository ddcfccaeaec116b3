"""Bundles and notices as bytes: written, sealed, signed, verified and read.

What leaves a station (a *bundle*) and what comes back from the registry (a *notice*) travel in
the same container: a folder of sealed parts and a signed manifest, described in
``docs/formats/bundle.md`` and ``docs/formats/notice.md``. This room knows bytes. It knows no
SQL, no roles and no policy: who may sign and what is admitted is asked of its callers.

* :mod:`sync.bundle`  write a bundle; open a verified one and stream what it holds
* :mod:`sync.notice`  the notice as a value; write one, open one
* :mod:`sync.verify`  check the signature and every file, before anything is decrypted
* :mod:`sync.inspect` what can be said without any key
"""
