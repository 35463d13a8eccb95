using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Registry;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>The note in the lock's file, which anybody who may write there may have written.</summary>
public sealed class LockStampTests : IDisposable
{
    private readonly FakePlatform _platform = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly SafeFileHandle _file;

    public LockStampTests() => _file = File.OpenHandle(_directory["lock"], FileMode.CreateNew, FileAccess.ReadWrite);

    [Fact]
    public void Read_AsWritten_IsThisProcessAndThatMoment()
    {
        FakeTimeProvider time = new(DateTimeOffset.MinValue.AddDays(1));
        LockStamp.Write(_file, time, _platform);
        long at = LockStamp.Now(time, _platform);
        time.Advance(TimeSpan.FromMicroseconds(30));

        Assert.Equal(new LockStamp(Environment.ProcessId, at), LockStamp.Read(_file));
        Assert.Equal(at + 30, LockStamp.Now(time, _platform));
    }

    [Fact]
    public void Now_OtherTimeNamespace_IsTheMachinesClockAllTheSame()
    {
        FakeTimeProvider time = new(DateTimeOffset.MinValue.AddDays(1));
        long here = LockStamp.Now(time, _platform);
        time.Advance(TimeSpan.FromSeconds(100_000));

        Assert.Equal(here, LockStamp.Now(time, new FakePlatform { Offset = 100_000_000 }));
    }

    [Fact]
    public void Read_ShorterNoteAfterALongerOne_HasNothingOfIt()
    {
        RandomAccess.Write(_file, "4194303 9999999999999999999 99\n"u8, 1);
        FakeTimeProvider time = new();
        LockStamp.Write(_file, time, _platform);

        Assert.Equal(new LockStamp(Environment.ProcessId, LockStamp.Now(time, _platform)), LockStamp.Read(_file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("x 1")]
    [InlineData("12")]
    [InlineData("12 ")]
    [InlineData("12 x")]
    [InlineData("-1 5")]
    [InlineData("0 5")]
    [InlineData("12 -5")]
    [InlineData("99999999999 5")]
    [InlineData("12 99999999999999999999999")]
    public void Read_AnythingElse_IsNoNote(string text)
    {
        RandomAccess.Write(_file, System.Text.Encoding.ASCII.GetBytes(text), 1);

        Assert.Equal(default, LockStamp.Read(_file));
    }

    [Fact]
    public void Write_FileThatMayOnlyBeRead_IsNoFailure()
    {
        using SafeFileHandle reading = File.OpenHandle(_directory["lock"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        LockStamp.Write(reading, TimeProvider.System, _platform);

        Assert.Equal(default, LockStamp.Read(reading));
    }

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }
}
