"""Drive a real JupyterLab in Debian's chromium, the way a learner does."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from open_lab import settings_folder
from places import ROOT
from playwright.sync_api import sync_playwright

PICTURES = ROOT / "build" / "browser"
WIDTH, HEIGHT = 1024, 768
COPIED = ("notebooks", "exercises", "solutions", "datasets", "course")


def copy_of_the_course(folder):
    """Copy what a learner writes in, so that a test never changes the repository."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("kernel-ipc-*"))
    return folder


@contextmanager
def running_lab(folder, language):
    """Start JupyterLab on `folder` with the settings of ``make lab``; yield its address."""
    settings_folder(language)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        **os.environ,
        "COURSE_LANG": language,
        "CMLIB_PROGRESS": str(folder / "progress" / "progress.json"),
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_DATA_DIR": str(folder / ".data"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
    }
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0",
    ]  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address + "/api/status", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address, server):
    for _second in range(120):
        if server.poll() is not None:
            raise RuntimeError("JupyterLab stopped before it answered")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise TimeoutError("JupyterLab did not answer within a minute")


@contextmanager
def browser_page():
    """Open chromium on a screen 1,024 pixels wide; yield a page."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(90_000)
        try:
            yield page
        finally:
            browser.close()


def open_notebook(page, address, path):
    """Open one notebook and wait until its kernel is idle."""
    page.goto(f"{address}/lab/tree/{path}?reset")
    page.wait_for_function(
        """() => { const panel = window.jupyterapp?.shell?.currentWidget;
                   return panel?.context?.isReady && panel?.sessionContext?.isReady
                     && panel.sessionContext.session?.kernel?.status === 'idle'; }"""
    )


def run_all(page):
    """Run every cell and wait until the last one has run."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => { const panel = window.jupyterapp.shell.currentWidget;
                   return panel.sessionContext.session?.kernel?.status === 'idle'
                     && [...panel.content.widgets].filter(w => w.model.type === 'code'
                        && w.model.sharedModel.getSource().trim())
                        .every(w => w.model.executionCount); }"""
    )


def errors_shown(page):
    """Return the errors in the notebook, cells that fail on purpose apart."""
    return page.evaluate(
        """() => [...window.jupyterapp.shell.currentWidget.content.widgets]
             .filter(w => w.model.type === 'code'
               && !(w.model.getMetadata('tags') ?? []).includes('raises-exception'))
             .flatMap(w => w.model.outputs.toJSON())
             .filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue)"""
    )


def cell_with(page, text):
    """Return the code cell that holds `text`, scrolled into view."""
    index = page.evaluate(
        """text => { const notebook = window.jupyterapp.shell.currentWidget.content;
                     const place = [...notebook.widgets].findIndex(w => w.model.type === 'code'
                       && w.model.sharedModel.getSource().includes(text));
                     notebook.activeCellIndex = place;
                     notebook.scrollToItem(place, 'center');
                     return place; }""",
        text,
    )
    if index < 0:
        raise LookupError(f"no cell holds {text!r}")
    cell = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')
    cell.wait_for()
    return cell


def type_in(page, cell, old, new):
    """Replace `old` by `new` in a cell with the keyboard, then press Shift+Enter."""
    source = cell.locator(".cm-content")
    source.click()
    page.keyboard.press("Control+A")
    code = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.activeCell
                   .model.sharedModel.getSource()"""
    )
    if old not in code:
        raise LookupError(f"the cell does not hold {old!r}")
    page.keyboard.insert_text(code.replace(old, new, 1))
    page.keyboard.press("Shift+Enter")


def picture(page, name):
    """Keep a screenshot for whoever reads the results of CI."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    return path
