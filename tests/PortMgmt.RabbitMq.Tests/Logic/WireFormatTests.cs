using System.Text;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Nodes;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

/// <summary>The bytes of messages, which nodes of other versions read and write.</summary>
public sealed class WireFormatTests
{
    private const string FullNode =
        """{"nodeId":"w\u00E9","clusterId":"default","host":"h\u002B1","processId":4711,"workers":["""
        + """{"type":"line","maxConcurrent":4,"activeOperations":2,"processed":10,"failed":1,"condition":"Unhealthy","reason":"half is stuck: \u003Cx\u003E"},"""
        + """{"type":"idle","maxConcurrent":1,"activeOperations":0,"processed":0,"failed":0,"condition":"Healthy","reason":null}"""
        + """],"timestamp":"2026-11-21T06:22:20.1234567+00:00","types":["idle","line"]}""";

    [Fact]
    public void Node_Written_HasTheseBytes() => Assert.Equal(FullNode, Encoding.UTF8.GetString(NodeMessages.Write(Node()).Span));

    [Fact]
    public void Node_Read_IsTheSame()
    {
        ClusterNode? read = NodeMessages.TryRead(Encoding.UTF8.GetBytes(FullNode));
        Assert.NotNull(read);
        Assert.Equal(Node().Workers, read.Workers);
        Assert.Equal(Node() with { Workers = read.Workers }, read);
    }

    [Theory]
    [InlineData("""{"NODEID":"a","clusterId":"c","host":"h","processId":"7","workers":[],"timestamp":"2026-11-21T06:22:20Z","types":7,"more":{"x":[1]}}""")]
    [InlineData("""{"nodeId":"a","clusterId":"c","host":"h","processId":7,"workers":[{"type":"t","maxConcurrent":1,"condition":"draining"}],"timestamp":"2026-11-21T06:22:20Z"}""")]
    [InlineData("""{"nodeId":"a","clusterId":"c","host":"h","processId":7,"workers":[{"type":"t","maxConcurrent":1,"condition":2}],"timestamp":"2026-11-21T06:22:20Z"}""")]
    public void Node_OfAnotherVersion_IsRead(string json)
    {
        ClusterNode? read = NodeMessages.TryRead(Encoding.UTF8.GetBytes(json));
        Assert.Equal("a", read?.NodeId);
        Assert.Equal(7, read!.ProcessId);
        Assert.All(read.Workers, worker => Assert.Equal(ClusterWorkerCondition.Draining, worker.Condition));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"nodeId":"a","clusterId":"c","host":"h","processId":7,"workers":null,"timestamp":"2026-11-21T06:22:20Z"}""")]
    [InlineData("""{"nodeId":"a","clusterId":"c","host":"h","processId":7,"workers":[null],"timestamp":"2026-11-21T06:22:20Z"}""")]
    [InlineData("""{"clusterId":"c","host":"h","processId":7,"workers":[],"timestamp":"2026-11-21T06:22:20Z"}""")]
    [InlineData("""{"nodeId":"a","clusterId":"c","host":"h","processId":7,"workers":[{"maxConcurrent":1}],"timestamp":"2026-11-21T06:22:20Z"}""")]
    [InlineData("""{"nodeId":"a","clusterId":"c","host":"h","processId":7,"workers":[{"type":"t","maxConcurrent":1,"condition":"Asleep"}],"timestamp":"2026-11-21T06:22:20Z"}""")]
    public void Node_ThatIsNone_IsNull(string json) => Assert.Null(NodeMessages.TryRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Journal_Written_HasTheseBytes()
    {
        string[] ids = ["#1.0a1b2c", "\"é+", "", "🦊"];
        Assert.Equal(
            """{"sent":["#1.0a1b2c","\u0022\u00E9\u002B","","\uD83E\uDD8A"]}""",
            Encoding.UTF8.GetString(ResultMessages.WriteJournal("sent", ids.Select(static id => id)).Span));
        Assert.Equal("""{"forgotten":[]}""", Encoding.UTF8.GetString(ResultMessages.WriteJournal("forgotten", []).Span));
    }

    [Fact]
    public void Journal_Read_IsTheSame()
    {
        Dictionary<string, string[]> read = ResultMessages.ReadJournal("""{"sent":["\u0022\u00E9\u002B","b"],"forgotten":[]}"""u8);
        Assert.Equal(["\"é+", "b"], read["sent"]);
        Assert.Empty(read["forgotten"]);
    }

    private static ClusterNode Node() => new()
    {
        NodeId = "wé",
        ClusterId = "default",
        Host = "h+1",
        ProcessId = 4711,
        Workers =
        [
            new ClusterWorkerState
            {
                Type = "line", MaxConcurrent = 4, ActiveOperations = 2, Processed = 10, Failed = 1, Condition = ClusterWorkerCondition.Unhealthy, Reason = "half is stuck: <x>",
            },
            new ClusterWorkerState { Type = "idle", MaxConcurrent = 1 },
        ],
        Timestamp = new DateTimeOffset(2026, 11, 21, 6, 22, 20, TimeSpan.Zero).AddTicks(1_234_567),
    };
}
