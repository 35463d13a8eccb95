using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.Tests.Processes;
using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.Tests.Fuzz;

/// <summary>The reader of job logs.</summary>
public sealed class JobLogFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void JobLogReader_AnyFile_KeepsWholeLinesOrRefusesIt()
    {
        using var directory = new TemporaryDirectory();
        string path = directory["log.jsonl"];
        new Fuzzer(output).Run(Corpus.Read("joblogs"), input =>
        {
            File.WriteAllBytes(path, input);
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            try
            {
                _ = JobLogReader.ReadSucceeded(file, path);
            }
            catch (OperationException e) when (e.Code == OperationErrorCode.JobLogUnusable)
            {
                Assert.Equal(input.Length, file.Length);
                return false;
            }

            // What is left are the whole lines, and writing goes on behind them.
            int whole = Array.LastIndexOf(input, (byte)'\n') + 1;
            Assert.Equal((whole, whole), (file.Length, file.Position));
            return true;
        });
    }
}
