using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using PortMgmt.Operations;

// Exports the meter PortMgmt to an OpenTelemetry collector, over HTTP.
//
//     dotnet run --project examples/MetricsExport -- http://localhost:4318/v1/metrics
Uri endpoint = new(args is [string given, ..] ? given : "http://localhost:4318/v1/metrics");

using MeterProvider provider = Sdk.CreateMeterProviderBuilder()
    .ConfigureResource(resource => resource.AddService("portmgmt-example"))
    .AddMeter("PortMgmt")
    .AddOtlpExporter((exporter, reader) =>
    {
        exporter.Endpoint = endpoint;
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 1000;
    })
    .Build();

await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { Name = "checks" });
IEnumerable<Operation<int>> checks = Enumerable.Range(1, 500).Select(number => new Operation<int>(number) { Type = "check" });
int failed = 0;
await foreach (OperationResult<int, int> result in scheduler.RunAsync(checks, CheckAsync))
{
    failed += result.Status == OperationStatus.Failed ? 1 : 0;
}

Console.WriteLine($"500 checks, {failed} failed.");

// What was measured last is sent before the program ends.
if (!provider.ForceFlush(timeoutMilliseconds: 10_000))
{
    Console.Error.WriteLine($"The metrics could not be sent to {endpoint}: is there a collector?");
    return 1;
}

return 0;

static async ValueTask<int> CheckAsync(Operation<int> operation, CancellationToken cancellationToken)
{
    await Task.Delay(1, cancellationToken);
    return operation.Input % 100 == 0 ? throw new InvalidOperationException("every hundredth") : operation.Input;
}
