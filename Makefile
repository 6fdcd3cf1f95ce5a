# Two commands: `make run` and `make test`. Everything they need is fetched into .venv and var/ of this folder.
PYTHON ?= python3

.PHONY: run test check lock install clean

run test check lock install:
	@exec $(PYTHON) dev/bootstrap.py $@ $(ARGS)

clean:
	rm -rf .venv .tools var staticfiles
