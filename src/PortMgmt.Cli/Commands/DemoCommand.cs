using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using PortMgmt.Cli.Demo;
using PortMgmt.Cli.Output;
using PortMgmt.Metrics;

namespace PortMgmt.Cli.Commands;

/// <summary><c>demo</c>: shows the product at work, on a registry of its own, and leaves nothing behind.</summary>
internal sealed class DemoCommand(GlobalOptions globals) : CliCommand("demo", "See it at work in a few seconds, on a temporary registry.", globals)
{
    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        CommandOutput output = OpenOutput(parsed);
        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        string directory = MakeDirectory();
        try
        {
            using var demo = new LeaseDemo(directory, sentence => Report(sentence, output));
            LeaseDemoResult result = demo.RunAsync(interruption.Token).GetAwaiter().GetResult();
            OperationMetrics metrics = new BatchDemo(sentence => Report(sentence, output)).RunAsync(interruption.Token).GetAwaiter().GetResult();
            Conclude(new Outcome(result, metrics), output);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interruption.Cancel();
        }
    }

    private static string MakeDirectory()
    {
        try
        {
            return Directory.CreateTempSubdirectory("portmgmt-demo-").FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The demo cannot make its directory in '{Path.GetTempPath()}': {failure.Message.TrimEnd('.')}. Name another place in {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")}.", failure);
        }
    }

    private static void Report(string sentence, CommandOutput output)
    {
        if (!output.Json)
        {
            output.WriteLine(sentence);
        }
    }

    private static void Conclude(Outcome outcome, CommandOutput output)
    {
        LeaseDemoResult result = outcome.Leases;
        if (output.Json)
        {
            output.WriteArray([outcome], Write);
        }
        else
        {
            output.WriteLine($"Seen: {result.Ports.Length} processes shared one registry and no port; one was killed and its port {result.ReclaimedPort} reclaimed; nothing is left behind; {outcome.Batch.TotalOperations} operations ran under one limit and none was lost.");
        }
    }

    private static void Write(Utf8JsonWriter writer, Outcome outcome)
    {
        LeaseDemoResult result = outcome.Leases;
        writer.WriteStartArray("ports");
        foreach (int port in result.Ports)
        {
            writer.WriteNumberValue(port);
        }

        writer.WriteEndArray();
        writer.WriteNumber("reclaimedPort", result.ReclaimedPort);
        writer.WriteNumber("leasesLeft", result.LeasesLeft);
        writer.WriteNumber("allocations", result.Allocations.Count);
        writer.WriteNumber("allocationP50Us", Math.Round(result.Allocations.Median.TotalMicroseconds, 1));
        writer.WriteNumber("allocationP99Us", Math.Round(result.Allocations.Percentile99.TotalMicroseconds, 1));
        writer.WriteStartObject("batch");
        MetricsJson.Write(writer, outcome.Batch);
        writer.WriteEndObject();
    }

    private sealed record Outcome(LeaseDemoResult Leases, OperationMetrics Batch);
}
