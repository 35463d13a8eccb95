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
        Assert.Single(ReadBesideItsWriter());
        Assert.Throws<OperationException>(() => JobLog.Open(Path, resume));
        first.Add(NewEntry("b"));
        first.Flush();

        Assert.Equal(OperationErrorCode.JobLogUnusable, refusal.Code);
        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another batch", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, ReadBesideItsWriter().Length);
    }

    [Fact]
    public void Open_ClosedLog_IsOpenedByTheNextBatch()
    {
        JobLog.Open(Path, resume: false).Dispose();
        using var next = JobLog.Open(Path, resume: true);

        Assert.False(next.HasSucceeded(JobLogKeys.OfId("a")));
        Assert.Equal([Path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Claim_BesideTheLog_IsExclusiveAndLeavesNothingBehind()
    {
        using (JobLogClaim.Beside(Path))
        {
            Assert.ThrowsAny<IOException>(() => JobLogClaim.Beside(Path));
        }

        Assert.Empty(Directory.GetFiles(_directory.Path));
        JobLogClaim.Beside(Path).Dispose();
    }

    [Fact]
    public void Flush_ToAFullDisk_SaysWhatToDo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        using var log = JobLog.Open("/dev/full", resume: false);
        log.Add(NewEntry("a"));

        OperationException failure = Assert.Throws<OperationException>(log.Flush);

        Assert.Equal(OperationErrorCode.JobLogNotWritten, failure.Code);
        Assert.Contains("resume", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":1,\"key\":\"sha256:00\",\"status\":\"failed\"}", "another version")]
    [InlineData("{\"id\":\"a\",\"key\":\"id:a\",\"status\":\"succeeded\"}", "another version")]
    [InlineData("{\"id\":1,\"key\":\"value-sha256:00\",\"status\":\"succeeded\"}", "another version")]
    [InlineData("{\"id\":1,\"key\":\"3:id:a\",\"status\":\"succeeded\"}", "another version")]
    [InlineData("{\"id\":1,\"key\":null,\"status\":\"succeeded\"}", "has no key")]
    public void Open_ToResumeFromKeysThatAreNotRecognised_IsRefusedWithTheWayOut(string line, string reason)
    {
        string before = "{\"id\":\"b\",\"key\":\"2:id:b\",\"status\":\"succeeded\"}\n" + line + "\nunfinis";
        File.WriteAllText(Path, before);

        OperationException refusal = Assert.Throws<OperationException>(() => JobLog.Open(Path, resume: true));

        Assert.Equal(OperationErrorCode.JobLogUnusable, refusal.Code);
        Assert.Contains("line 2 " + (reason[0] == 'h' ? "" : "has a key of ") + reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("begin a new log", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path));
        JobLog.Open(Path, resume: false).Dispose();
    }

    [Fact]
    public void HasSucceeded_SeveralResultsOfOneOperation_GoesByTheLastThatRan()
    {
        string[] states = ["a succeeded", "a failed", "b failed", "b succeeded", "c succeeded", "c cancelled", "d succeeded", "d timedOut", "e succeeded", "e rejected"];
        File.WriteAllLines(Path, states.Select(state => $"{{\"key\":\"2:id:{state[0]}\",\"status\":\"{state[2..]}\"}}"));

        using var log = JobLog.Open(Path, resume: true);

        Assert.Equal(["b", "c", "e"], "abcde".Select(id => id.ToString()).Where(id => log.HasSucceeded(JobLogKeys.OfId(id))));
        Assert.Equal(3, log.Succeeded);
    }

    [Fact]
    public void Add_OperationWithoutAKey_IsNotedAndAFailedOneKeepsNobodyFromResuming()
    {
        using (var log = JobLog.Open(Path, resume: false))
        {
            log.Add(new JobLogEntry { Key = null, Number = 1, Status = OperationStatus.Failed });
            log.Flush();
        }

        Assert.Contains("\"key\":null", File.ReadAllText(Path), StringComparison.Ordinal);
        JobLog.Open(Path, resume: true).Dispose();
    }

    public void Dispose() => _directory.Dispose();

    private static JobLogEntry NewEntry(string id) => new() { Key = JobLogKeys.OfId(id), Id = id, Status = OperationStatus.Succeeded };

    /// <summary>The lines, read as whoever must let another write on Windows.</summary>
    private string[] ReadBesideItsWriter()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
