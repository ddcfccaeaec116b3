"""The registry's HTTP service: a front that stages what stations send, and an admission that takes
it in.

Two processes that share one folder and nothing else (ADR 0025). The *front* speaks HTTP and holds
no key of the registry; the *admission* opens the registry, imports what is staged and leaves
notices. Each may die and come back alone. Bytes on the line and in the folder:
``docs/formats/http.md``.

* :mod:`registry.service.staging`    the folder between the two
* :mod:`registry.service.front`      the HTTP side
* :mod:`registry.service.admission`  the registry's side
* :mod:`registry.service.running`    both as processes, started again when they end
"""
