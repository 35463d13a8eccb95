using System.Management.Automation;
using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class StreamRecordsTests : IDisposable
{
    private readonly System.Management.Automation.PowerShell _shell = System.Management.Automation.PowerShell.Create();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void TakeFrom_NothingWritten_IsTheOneForNothing() => Assert.Same(StreamRecords.None, StreamRecords.TakeFrom(_shell.Streams));

    [Fact]
    public void TakeFrom_ProgressAlone_ClearsItAndIsNothing()
    {
        _shell.Streams.Progress.Add(new ProgressRecord(1, "activity", "status"));

        Assert.Same(StreamRecords.None, StreamRecords.TakeFrom(_shell.Streams));
        Assert.Empty(_shell.Streams.Progress);
    }

    [Fact]
    public void TakeFrom_EveryStream_TakesAllInTheirOrderAndLeavesNothing()
    {
        PSDataStreams streams = _shell.Streams;
        streams.Error.Add(new ErrorRecord(new InvalidOperationException("first"), "A", ErrorCategory.NotSpecified, null));
        streams.Error.Add(new ErrorRecord(new InvalidOperationException("second"), "B", ErrorCategory.NotSpecified, null));
        streams.Warning.Add(new WarningRecord("warning"));
        streams.Verbose.Add(new VerboseRecord("verbose"));
        streams.Debug.Add(new DebugRecord("debug"));
        streams.Information.Add(new InformationRecord("information", "source"));

        var taken = StreamRecords.TakeFrom(streams);

        Assert.Equal(["A", "B"], taken.Errors.Select(static error => error.FullyQualifiedErrorId));
        Assert.Equal("warning", Assert.Single(taken.Warnings).Message);
        Assert.Equal("verbose", Assert.Single(taken.Verbose).Message);
        Assert.Equal("debug", Assert.Single(taken.Debug).Message);
        Assert.Equal("information", Assert.Single(taken.Information).MessageData);
        Assert.Same(StreamRecords.None, StreamRecords.TakeFrom(streams));
    }
}
