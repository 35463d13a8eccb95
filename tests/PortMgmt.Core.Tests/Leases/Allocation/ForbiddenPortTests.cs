using System.Net;
using System.Net.Sockets;
using PortMgmt.Leases.Allocation;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

/// <summary>What it means that the system does not allow a bind: Windows has one error for three reasons.</summary>
public sealed class ForbiddenPortTests
{
    private const int Port = 12345;

    private readonly FakePlatform _platform = new() { RefusesInUse = true };

    [Fact]
    public void Bind_ForbiddenAndListenedOn_IsInUse()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _platform.Excluded = PortSet.From([new PortRange(port, port)]);

        Assert.Equal(PortRefusal.Listening, Bind(port));

        listener.Stop();
    }

    [Fact]
    public void Bind_ForbiddenAndInARangeThatIsExcluded_IsExcluded()
    {
        _platform.Excluded = PortSet.From([new PortRange(Port - 5, Port + 5)]);
        Assert.Equal(PortRefusal.SystemExcluded, Bind(Port));
    }

    [Fact]
    public void Bind_ForbiddenAndNothingSaysWhy_IsNotPermitted() => Assert.Equal(PortRefusal.PermissionDenied, Bind(Port));

    [Fact]
    public void Bind_ForbiddenElsewhere_IsNotPermittedWhateverTheRanges()
    {
        _platform.RefusesInUse = false;
        _platform.Excluded = PortSet.From([new PortRange(Port, Port)]);
        Assert.Equal(PortRefusal.PermissionDenied, Bind(Port));
    }

    private PortRefusal Bind(int port)
    {
        _platform.Bindings[(port, false)] = PortBinding.Forbidden;
        return PortAvailabilityCheck.Bind(_platform, port, PortProtocol.Tcp, lingeringIsFine: true);
    }
}
