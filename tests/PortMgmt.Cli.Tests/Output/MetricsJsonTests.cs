using System.Reflection;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Metrics;

namespace PortMgmt.Cli.Tests.Output;

public sealed class MetricsJsonTests
{
    [Fact]
    public void Write_EveryFigureThatTheModuleShows_IsThere()
    {
        string[] names = [.. Write(new OperationMetrics()).EnumerateObject().Select(member => member.Name)];

        IEnumerable<string> expected = typeof(OperationMetrics).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name) + (property.PropertyType == typeof(TimeSpan) ? "Ms" : ""));
        Assert.Equal(expected.Order(), names.Order());
    }

    [Fact]
    public void Write_EveryLatency_HasItsFiguresInMilliseconds()
    {
        var summary = new LatencySummary
        {
            Count = 3,
            P50 = TimeSpan.FromMilliseconds(1),
            P95 = TimeSpan.FromMilliseconds(2),
            P99 = TimeSpan.FromMilliseconds(3),
            Max = TimeSpan.FromMilliseconds(4),
            Mean = TimeSpan.FromMicroseconds(1500),
        };

        JsonElement json = Write(new OperationMetrics
        {
            Latency = new OperationLatency { Queue = summary, Service = summary, Total = summary },
            TriggerEvaluation = summary,
            ActiveTime = TimeSpan.FromSeconds(2),
            MeanConcurrency = 1.23456,
            HandOffs = 7,
            LargestMetadata = 8,
        });

        const string Figures = "\"count\":3,\"p50\":1,\"p95\":2,\"p99\":3,\"max\":4,\"mean\":1.5";
        Assert.Equal(
            "{\"unit\":\"ms\",\"queue\":{" + Figures + "},\"service\":{" + Figures + "},\"total\":{" + Figures + "}}", json.GetProperty("latency").GetRawText());
        Assert.Equal("{\"unit\":\"ms\"," + Figures + "}", json.GetProperty("triggerEvaluation").GetRawText());
        Assert.Equal("2000", json.GetProperty("activeTimeMs").GetRawText());
        Assert.Equal("1.235", json.GetProperty("meanConcurrency").GetRawText());
        Assert.Equal("7", json.GetProperty("handOffs").GetRawText());
        Assert.Equal("8", json.GetProperty("largestMetadata").GetRawText());
    }

    private static JsonElement Write(OperationMetrics metrics)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            MetricsJson.Write(writer, metrics);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
