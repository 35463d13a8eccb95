using System.Buffers.Binary;
using System.Diagnostics;
using PortMgmt.Platform;
using PortMgmt.Platform.Mac;
using Xunit;

namespace PortMgmt.Core.Tests.Platform.Mac;

public sealed class MacProcessInfoTests
{
    private const ulong Seconds = 1_795_800_000;
    private const byte Running = 2;
    private const byte Zombie = 5;

    [Fact]
    public void TryReadStart_RunningProcess_IsItsStartInMicroseconds()
    {
        Assert.True(MacProcessInfo.TryReadStart(Info(processId: 4711, Running), 4711, out ulong start));
        Assert.Equal((Seconds * 1_000_000) + 123_456, start);
    }

    [Fact]
    public void TryReadStart_WaitsToBeReaped_HasEnded()
    {
        Assert.True(MacProcessInfo.TryReadStart(Info(processId: 4711, Zombie), 4711, out ulong start));
        Assert.Equal(0UL, start);
    }

    [Fact]
    public void TryReadStart_NothingTold_HasEnded()
    {
        Assert.True(MacProcessInfo.TryReadStart([], 4711, out ulong start));
        Assert.Equal(0UL, start);
    }

    [Fact]
    public void TryReadStart_AnotherProcessOrLength_IsNotKnown()
    {
        Assert.False(MacProcessInfo.TryReadStart(Info(processId: 4712, Running), 4711, out _));
        Assert.False(MacProcessInfo.TryReadStart(Info(processId: 4711, Running).AsSpan(0, 492), 4711, out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GetProcess_OwnOrThatOfRoot_HasAStart(bool own)
    {
        Assert.SkipUnless(OperatingSystem.IsMacOS(), "for macOS alone");
        ProcessStamp? stamp = HostPlatform.Current.GetProcess(own ? Environment.ProcessId : 1);

        Assert.NotEqual(0UL, stamp!.Value.Start);
        if (own)
        {
            using var self = Process.GetCurrentProcess();
            DateTimeOffset start = DateTimeOffset.UnixEpoch.AddMicroseconds(stamp.Value.Start);
            Assert.InRange((start - self.StartTime).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>
    /// The structure as XNU fills it in: the start (16 bytes), two pointers, the flags (4), the state (1, at 36), the id (at 40), and all else
    /// of something.
    /// </summary>
    private static byte[] Info(int processId, byte state)
    {
        byte[] info = new byte[648];
        Array.Fill(info, (byte)0xa5);
        BinaryPrimitives.WriteInt64LittleEndian(info, (long)Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(8), 123_456);
        info[36] = state;
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(40), processId);
        return info;
    }
}
