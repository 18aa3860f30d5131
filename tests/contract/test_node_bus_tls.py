"""The bus over TLS: Redis is believed only with a certificate that verifies, for the name it was asked for by."""

from pathlib import Path

from twisted.internet.defer import Deferred, gatherResults

from naivechat.infrastructure.redis import connection
from tests.authority import Authority
from tests.contract.redis_buses import OnOwnRedis, until
from tests.processes import free_port
from tests.redis_server import RedisServer


class TestTls(OnOwnRedis):
    def make_server(self) -> RedisServer:
        self.patch(connection, "MOST_DELAY_S", 0.2)
        server = super().make_server()
        self.ca, self.port = server.directory / "ca.pem", free_port()
        self.ca.write_bytes(Authority("localhost").self_signed("localhost"))
        server.kill()
        files = [
            option for name in ("cert", "key", "ca-cert") for option in (f"--tls-{name}-file", str(self.ca))
        ]
        server.start("--tls-port", str(self.port), *files, "--tls-auth-clients", "no")
        return server

    async def test_a_certificate_of_the_given_authority_is_believed(self) -> None:
        here = await self.make_bus(f"rediss://localhost:{self.port}?ca={self.ca}")
        there = await self.make_bus()
        self.assertTrue(here.is_connected)
        there.listen("user:ann")
        self.assertTrue(await there.confirmed(["user:ann"]))
        here.publish("user:ann", bytes(300_000))
        await until(lambda: there.received == 1)

    async def test_an_unknown_authority_and_another_host_are_refused(self) -> None:
        other = Path(self.server.directory) / "other.pem"
        other.write_bytes(Authority("localhost").self_signed("localhost"))
        urls = (
            f"rediss://localhost:{self.port}",
            f"rediss://localhost:{self.port}?ca={other}",
            f"rediss://127.0.0.1:{self.port}?ca={self.ca}",
        )
        buses = await gatherResults([Deferred.fromCoroutine(self.make_bus(url)) for url in urls])
        self.assertEqual([bus.is_connected for bus in buses], [False] * 3)
