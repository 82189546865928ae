# SPDX-License-Identifier: LGPL-2.1-or-later
"""A unit, two national intakes and a reader on this machine, which can be killed anywhere.

All that must survive lies below `live`; it can be kept and put back as a whole while no program
runs. Programs are run as a person would run them; services are started again when they die, as an
init system would.
"""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import threading

KILLED = -signal.SIGKILL
PATIENCE = 120


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)


class Service:
    """A program that runs until it is stopped; after a death it comes back without its failpoint."""

    def __init__(self, argv, environment, extra, revive=True):
        self.argv, self.environment, self.revive = argv, environment, revive
        self.deaths, self.words, self.stopping = 0, [], False
        self.ready = threading.Event()
        self.lock = threading.Lock()
        self.process = self.spawn({**environment, **extra})
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()
        if not self.ready.wait(PATIENCE):
            raise RuntimeError(f'{argv} does not begin to serve')

    def spawn(self, environment):
        return subprocess.Popen(self.argv, env=environment, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                preexec_fn=die_with_parent)

    def listen(self):
        self.first = ''
        for line in self.process.stdout:
            self.first += line
            if line.startswith('}'):
                self.ready.set()

    def watch(self):
        while True:
            self.listen()
            self.words.append(self.process.stderr.read())
            code = self.process.wait()
            with self.lock:
                if self.stopping:
                    return
                self.deaths += 1
                if not self.revive and code == KILLED:
                    self.ready.set()
                    return
                if code not in (KILLED, 1) or self.deaths > 1:
                    self.words.append(f'{self.argv} ended with {code}')
                    self.ready.set()
                    return
                self.process = self.spawn(self.environment)

    def stop(self):
        with self.lock:
            self.stopping = True
            self.process.terminate()
        self.watcher.join(PATIENCE)
        return self.deaths


class World:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.live = os.path.join(folder, 'live')
        self.pki = os.path.join(self.live, 'pki')
        self.reader = os.path.join(folder, 'reader')
        self.ports = {'CA': free_port(), 'US': free_port()}
        self.environment = dict(os.environ, G_DEBUG='fatal-criticals', LC_ALL='C.UTF-8')
        self.services, self.revive = {}, True
        os.mkdir(self.live)
        self.know_leaks()

    def know_leaks(self):
        """Under sanitizers: what fontconfig keeps for the life of a program is not ours."""
        path = os.path.join(self.folder, 'leaks')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('leak:libfontconfig\nleak:_dl_init\n')
        self.environment['LSAN_OPTIONS'] = f'suppressions={path}:print_suppressions=0'

    def program(self, name):
        return os.path.join(self.build, 'programs', name, name)

    def config(self, name):
        return os.path.join(self.pki, name + '.conf')

    def failpoints(self, name):
        return self.run([self.program(name), '--failpoints']).out.split()

    def run(self, argv, extra=None):
        done = subprocess.run(argv, env={**self.environment, **(extra or {})}, text=True,
                              capture_output=True, timeout=PATIENCE, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def run_into(self, out, argv):
        subprocess.run(argv, env=self.environment, stdout=out, stderr=subprocess.DEVNULL,
                       check=False)

    def set_ports(self):
        """Free ports instead of those that the training configuration names."""
        for nation, standard in (('CA', '8441'), ('US', '8442')):
            for name in ('unit', 'intake-' + nation):
                with open(self.config(name), encoding='utf-8') as file:
                    text = file.read()
                with open(self.config(name), 'w', encoding='utf-8') as file:
                    file.write(text.replace(':' + standard, f':{self.ports[nation]}'))

    # ---- services ----

    def start(self, name, extra=None):
        if name in ('reader', 'spare'):
            argv = [self.program('fast-emulator'), 'reader', '--pty', self.reader,
                    '--card', os.path.join(self.live, name + '-chip'), '--json']
        else:
            argv = [self.program('fast-intake'), '--config', self.config(name), 'serve', '--json']
        # The leak check stops all threads at the end; those of TLS then crash the service.
        options = self.environment.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
        self.services[name] = Service(argv, {**self.environment, 'ASAN_OPTIONS': options},
                                      extra or {}, self.revive)
        return self.services[name]

    def stop(self):
        """Stops all services; gives how often each died before, and complains of other ends."""
        deaths = {}
        for name, service in self.services.items():
            deaths[name] = service.stop()
            text = ''.join(service.words)
            if 'ended with' in text or 'Sanitizer' in text:
                raise AssertionError(text)
        self.services = {}
        return deaths

    # ---- keeping and putting back ----

    def keep(self, name='kept'):
        kept = os.path.join(self.folder, name)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.live, kept, symlinks=True)

    def put_back(self, name='kept'):
        shutil.rmtree(self.live)
        shutil.copytree(os.path.join(self.folder, name), self.live, symlinks=True)
