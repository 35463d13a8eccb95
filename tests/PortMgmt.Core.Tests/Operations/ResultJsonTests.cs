using System.Text;
using PortMgmt.Operations;
using PortMgmt.Operations.Results;
using PortMgmt.Text;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>The one form of a result in JSON, from which job logs, batches, submitters and workers choose their fields.</summary>
public sealed class ResultJsonTests
{
    private const ResultFields All = ResultFields.Type | ResultFields.Key | ResultFields.Output | ResultFields.Error | ResultFields.Node;

    private static readonly ResultRecord Result = new()
    {
        Type = "t",
        Id = "a",
        Number = 7,
        Key = "id:a",
        Status = OperationStatus.Failed,
        ExitCode = 2,
        Output = "out\n"u8.ToArray(),
        ErrorMessage = "no",
        Duration = TimeSpan.FromMicroseconds(1500.04),
        QueueTime = TimeSpan.FromMilliseconds(2),
        Attempts = 3,
        FromCache = true,
        Node = "n",
    };

    [Theory]
    [InlineData(ResultFields.None, "id status exitCode durationMs queueMs attempts cached")]
    [InlineData(ResultFields.Type, "type id status exitCode durationMs queueMs attempts cached")]
    [InlineData(ResultFields.Key | ResultFields.Error, "id key status exitCode error durationMs queueMs attempts cached")]
    [InlineData(ResultFields.Output | ResultFields.Error, "id status exitCode output error durationMs queueMs attempts cached")]
    [InlineData(ResultFields.Output | ResultFields.Error | ResultFields.Node, "id status exitCode output error durationMs queueMs attempts cached node")]
    internal void Write_ChosenFields_AreInTheOneOrder(ResultFields fields, string names)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Write(Result, fields));

        Assert.Equal(names, string.Join(' ', json.RootElement.EnumerateObject().Select(member => member.Name)));
    }

    [Fact]
    public void Write_EveryField_SaysWhatItIs() => Assert.Equal(
        """{"type":"t","id":"a","key":"id:a","status":"failed","exitCode":2,"output":"out\n","error":"no","durationMs":1.5,"queueMs":2,"attempts":3,"cached":true,"node":"n"}""" + "\n",
        Write(Result, All));

    [Fact]
    public void Write_NothingKnown_IsNullAndTheNumber() => Assert.Equal(
        """{"type":null,"id":7,"key":null,"status":"cancelled","exitCode":null,"output":null,"error":null,"durationMs":0,"queueMs":0,"attempts":0,"cached":false,"node":null}""" + "\n",
        Write(new ResultRecord { Number = 7, Status = OperationStatus.Cancelled }, All));

    [Theory]
    [InlineData(OperationStatus.Succeeded, "succeeded")]
    [InlineData(OperationStatus.Failed, "failed")]
    [InlineData(OperationStatus.TimedOut, "timedOut")]
    [InlineData(OperationStatus.Cancelled, "cancelled")]
    [InlineData(OperationStatus.Rejected, "rejected")]
    public void Of_EveryStatus_HasItsName(OperationStatus status, string name) => Assert.Equal(name, ResultNames.Of(status));

    [Fact]
    public void Write_OutputThatIsJson_IsTakenAsItIs() => Assert.Contains(
        "\"output\":{\"a\":[1,2]},", Write(Result with { Output = null, OutputJson = Encoding.UTF8.GetBytes("{\"a\":[1,2]}") }, All), StringComparison.Ordinal);

    [Fact]
    public void Write_BytesThatAreNoText_AreReplaced()
    {
        string line = Write(Result with { Output = [0xFF, (byte)'a'], Error = [(byte)'b', 0xFE] }, All);

        Assert.Contains("\"output\":\"\uFFFDa\"", line, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"b\uFFFD\"", line, StringComparison.Ordinal);
    }

    private static string Write(in ResultRecord result, ResultFields fields)
    {
        using var lines = new JsonLines();
        ResultJson.Write(lines.Begin(), result, fields);
        lines.End();
        using var stream = new MemoryStream();
        lines.WriteTo(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
