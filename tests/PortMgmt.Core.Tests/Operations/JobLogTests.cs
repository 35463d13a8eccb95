using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class JobLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "a log");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_SecondBatchOfOneProcess_IsRefusedAndTheFirstGoesOn(bool resume)
    {
        using var first = JobLog.Open(Path, resume: false);
        first.Add(NewEntry("a"));
        first.Flush();

        OperationException refusal = Assert.Throws<OperationException>(() => JobLog.Open(Path, resume));
        // To open and close the file elsewhere must not end the claim either.
        Assert.NotEmpty(File.ReadAllText(Path));
        Assert.Throws<OperationException>(() => JobLog.Open(Path, resume));
        first.Add(NewEntry("b"));
        first.Flush();

        Assert.Equal(OperationErrorCode.JobLogUnusable, refusal.Code);
        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another batch", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(Path).Length);
    }

    [Fact]
    public void Open_ClosedLog_IsOpenedByTheNextBatch()
    {
        JobLog.Open(Path, resume: false).Dispose();
        using var next = JobLog.Open(Path, resume: true);

        Assert.False(next.HasSucceeded(JobLogKey.OfId("a")));
        Assert.Equal([Path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Claim_BesideTheLog_IsExclusiveAndLeavesNothingBehind()
    {
        using (JobLogFile.ClaimBeside(Path))
        {
            Assert.ThrowsAny<IOException>(() => JobLogFile.ClaimBeside(Path));
        }

        Assert.Empty(Directory.GetFiles(_directory.Path));
        JobLogFile.ClaimBeside(Path).Dispose();
    }

    [Fact]
    public void Flush_ToAFullDisk_SaysWhatToDo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        using var log = JobLog.Open("/dev/full", resume: false);
        log.Add(NewEntry("a"));

        OperationException failure = Assert.Throws<OperationException>(log.Flush);

        Assert.Equal(OperationErrorCode.JobLogUnusable, failure.Code);
        Assert.Contains("resume", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static JobLogEntry NewEntry(string id) => new() { Key = JobLogKey.OfId(id), Id = id, Status = OperationStatus.Succeeded };
}
