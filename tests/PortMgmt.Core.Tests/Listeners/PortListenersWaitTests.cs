using System.Net;
using System.Net.Sockets;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Listeners;

[Collection(SocketsAndPrograms.Name)]
public sealed class PortListenersWaitTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public void Wait_AlreadySo_ReturnsTrueWithoutADelay()
    {
        SkippingClock clock = new();
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);

        Assert.True(PortListeners.Wait(socket.Port, untilFree: false, TimeSpan.Zero, timeProvider: clock));
        Assert.Empty(clock.Delays);
    }

    [Fact]
    public async Task Wait_ListenerComesOnTheSystemClock_ReturnsTrue()
    {
        int port = TestSockets.FreePort();
        Task<bool> wait = Task.Run(() => PortListeners.Wait(port, untilFree: false, Long));

        using Socket socket = TestSockets.Listen(IPAddress.Loopback, port);

        Assert.True(await wait);
    }

    [Fact]
    public async Task Wait_ListenerGoesOnTheSystemClock_ReturnsTrue()
    {
        Socket socket = TestSockets.Listen(IPAddress.Loopback);
        int port = socket.Port;
        Task<bool> wait = Task.Run(() => PortListeners.Wait(port, untilFree: true, Long));
        await Task.Delay(20);
        Assert.False(wait.IsCompleted);

        socket.Dispose();

        Assert.True(await wait);
    }

    [Theory]
    [InlineData(PortProtocol.Udp)]
    [InlineData(PortProtocol.Both)]
    public void Wait_UdpSocketComes_ReturnsTrueForItsProtocol(PortProtocol protocol)
    {
        int port = TestSockets.FreePort();
        Socket? socket = null;
        SkippingClock clock = new()
        {
            Moved = now => socket ??= now > TimeSpan.FromSeconds(1) ? TestSockets.BindUdp(IPAddress.Loopback, port) : null,
        };
        try
        {
            Assert.True(PortListeners.Wait(port, untilFree: false, Long, protocol, clock));
            Assert.NotNull(socket);
        }
        finally
        {
            socket?.Dispose();
        }
    }

    [Fact]
    public void Wait_NothingComes_ReturnsFalseAfterGrowingDelaysAndLeavesNoTimer()
    {
        SkippingClock clock = new();

        Assert.False(PortListeners.Wait(TestSockets.FreePort(), untilFree: false, TimeSpan.FromMilliseconds(400), timeProvider: clock));

        Assert.Equal([5, 10, 20, 40, 80, 100, 100, 45], clock.Delays.Select(delay => delay.TotalMilliseconds));
        Assert.True(SpinWait.SpinUntil(() => clock.LiveTimers == 0, Long));
    }

    [Fact]
    public void Wait_FractionOfAMillisecond_ReturnsFalse()
    {
        SkippingClock clock = new();

        Assert.False(PortListeners.Wait(TestSockets.FreePort(), untilFree: false, TimeSpan.FromMilliseconds(5.5), timeProvider: clock));

        Assert.Equal([5, 1], clock.Delays.Select(delay => delay.TotalMilliseconds));
    }

    [Fact]
    public void Wait_StillListening_ReturnsFalseWhenTimeRunsOut()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Any);

        Assert.False(PortListeners.Wait(socket.Port, untilFree: true, TimeSpan.FromMilliseconds(30)));
    }

    [Fact]
    public async Task Wait_Cancelled_Throws()
    {
        int port = TestSockets.FreePort();
        using CancellationTokenSource source = new();
        Task<bool> wait = Task.Run(() => PortListeners.Wait(port, untilFree: false, Timeout.InfiniteTimeSpan, cancellationToken: source.Token));
        await Task.Delay(20);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Long));
    }

    [Fact]
    public void Wait_CancelledBefore_ThrowsEvenIfItIsSo()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            PortListeners.Wait(socket.Port, untilFree: false, Long, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void Wait_PortOutOfRange_Throws(int port) =>
        Assert.Equal("port", Assert.Throws<ArgumentOutOfRangeException>(() => PortListeners.Wait(port, untilFree: false, Long)).ParamName);

    [Fact]
    public void Wait_NegativeTime_Throws() =>
        Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(() => PortListeners.Wait(80, untilFree: false, TimeSpan.FromSeconds(-2))).ParamName);
}
