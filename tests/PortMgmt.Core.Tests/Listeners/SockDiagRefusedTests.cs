using System.Net;
using System.Net.Sockets;
using PortMgmt.Listeners;
using PortMgmt.Listeners.Linux;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Listeners;

[Collection(SocketsAndPrograms.Name)]
public sealed class SockDiagRefusedTests
{
    [Fact]
    public void Find_NetlinkForbidden_GivesTheSameFromProc()
    {
        Assert.SkipUnless(SeccompFilter.IsSupported, "The test's filter is written for Linux on x64 and Arm64.");
        using Socket tcp = TestSockets.Listen(IPAddress.Loopback);
        using Socket udp = TestSockets.BindUdp(IPAddress.Loopback);
        int free = TestSockets.FreePort();
        bool? diag = true;
        IReadOnlyList<PortListener> found = [];
        bool[] listening = [];

        bool forbidden = RunForbidden(() =>
        {
            using (var kernel = SockDiag.Open())
            {
                diag = kernel.Query(new(PortProtocol.Tcp, IsIPv6: false), 0, anyState: false, found: null);
            }

            found = [.. PortListeners.Find(tcp.Port, PortProtocol.Tcp), .. PortListeners.Find(udp.Port, PortProtocol.Udp)];
            listening = [PortListeners.IsListening(tcp.Port), PortListeners.IsListening(udp.Port, PortProtocol.Udp), PortListeners.IsListening(free)];
        });

        Assert.SkipUnless(forbidden, "This kernel takes no seccomp filter.");
        Assert.Null(diag);
        Assert.Equal(
            [(tcp.Port, PortProtocol.Tcp, Environment.ProcessId), (udp.Port, PortProtocol.Udp, Environment.ProcessId)],
            found.Select(row => (row.Port, row.Protocol, row.Id.GetValueOrDefault())));
        Assert.Equal([true, true, false], listening);
    }

    /// <summary>Runs on a thread of its own, since a filter cannot be taken off.</summary>
    private static bool RunForbidden(Action action)
    {
        bool forbidden = false;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            forbidden = SeccompFilter.TryInstall();
            if (forbidden)
            {
                failure = Record.Exception(action);
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return forbidden;
    }
}
