using System.Net;
using System.Net.Sockets;
using PortMgmt.Core.Tests.Leases;
using PortMgmt.Core.Tests.Listeners;
using PortMgmt.Heads;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Heads;

[Collection(SocketsAndPrograms.Name)]
public sealed class LeasedListenersTests : IDisposable
{
    private readonly RegistryFixture _host = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public void Find_LeasedPort_GivesItsProcessAndItsName()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);
        _host.Lease("web", socket.Port, owner: Environment.ProcessId);
        LeasedListeners listeners = new(() => _host.Registry, _warnings.Add);

        Assert.Equal((Environment.ProcessId, "web"), Shown(Assert.Single(listeners.Find(socket.Port, PortProtocol.Tcp))));
        Assert.Equal((Environment.ProcessId, "web"), Shown(Assert.Single(listeners.Find(null, PortProtocol.Tcp), row => row.Port == socket.Port)));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Find_LeaseOfAProcessThatDoesNotListen_GivesTheOneThatDoes()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);
        _host.Lease("web", socket.Port);

        Assert.Equal((Environment.ProcessId, "web"), Shown(Assert.Single(new LeasedListeners(() => _host.Registry, _warnings.Add).Find(socket.Port, PortProtocol.Both))));
    }

    [Fact]
    public void Find_RegistryInTrouble_TellsWhoListensAndWarnsOnce()
    {
        using Socket one = TestSockets.Listen(IPAddress.Loopback);
        using Socket other = TestSockets.Listen(IPAddress.Loopback);
        LeasedListeners listeners = new(static () => throw new PortRegistryException(PortRegistryErrorCode.RegistryCorrupt, "It is damaged."), _warnings.Add);

        foreach (Socket socket in new[] { one, other })
        {
            Assert.Equal((Environment.ProcessId, null), Shown(Assert.Single(listeners.Find(socket.Port, PortProtocol.Tcp))));
        }

        Assert.NotEmpty(listeners.Find(null, PortProtocol.Both));
        Assert.Equal(["The names of leases are not known: It is damaged."], _warnings);
    }

    public void Dispose() => _host.Dispose();

    private static (int?, string?) Shown(PortListener row) => (row.Id, row.LeaseName);
}
