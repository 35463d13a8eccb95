using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.Tests.Fuzz;
using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.RabbitMq.Tests.Fuzz;

/// <summary>Bodies of messages, which anybody can send who may use the broker: data or refused, without another exception.</summary>
public sealed class MessageFuzzTests(ITestOutputHelper output)
{
    private readonly Fuzzer _fuzzer = new(output);

    [Fact]
    public void ResultMessages_AnyBody_AreResultsOrRefused() => _fuzzer.Run(Corpus.Read("messages"), input =>
    {
        try
        {
            List<ClusterResult> results = ResultMessages.Read(input);
            Assert.All(results, static result =>
            {
                Assert.False(string.IsNullOrEmpty(result.OperationId));
                Assert.NotNull(result.NodeId);
                Assert.True(Enum.IsDefined(result.Status));
            });
            if (results.Count > 0)
            {
                Assert.Equal(results.Count, ResultMessages.Read(ResultMessages.Write(results).Span).Count);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    });

    [Fact]
    public void Journal_AnyBody_IsANoteOrRefused() => _fuzzer.Run(Corpus.Read("messages"), input =>
    {
        try
        {
            Assert.All(ResultMessages.ReadJournal(input).Values, static ids => Assert.All(ids, Assert.NotNull));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    });

    [Fact]
    public void OperationBody_AnyBytes_AreOneJsonValueOrRefused() => _fuzzer.Run(Corpus.Read("messages"), input =>
    {
        if (!OperationMessages.IsJson(input))
        {
            return false;
        }

        using var document = JsonDocument.Parse(input);
        return true;
    });
}
