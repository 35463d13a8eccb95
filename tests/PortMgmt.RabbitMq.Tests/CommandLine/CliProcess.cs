using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;

namespace PortMgmt.RabbitMq.Tests.CommandLine;

/// <summary><c>portmgmt</c> as a child process, with what it writes as it comes.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private CliProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(_error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Standard error so far.</summary>
    public string Error => string.Join('\n', _error);

    /// <summary>Standard output so far, as it is.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Standard output so far, each line as the JSON object that it has to be.</summary>
    public JsonElement[] Json => [.. _output.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Starts it.</summary>
    /// <param name="broker">The broker's URL; null for none.</param>
    /// <param name="arguments">The arguments.</param>
    public static CliProcess Start(string? broker, params string[] arguments)
    {
        var start = new ProcessStartInfo(CommandLineProgram.Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PORTMGMT_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (broker is not null)
        {
            start.Environment["PORTMGMT_BROKER"] = broker;
        }

        ShortLived.Prepare(start);
        return new CliProcess(start);
    }

    /// <summary>Waits until it says something on standard error.</summary>
    public Task SaysAsync(string text) => Eventually.HoldsAsync(() => Error.Contains(text, StringComparison.Ordinal), $"'{text}' on standard error; it has '{Error}'");

    /// <summary>Gives it lines, and the end of its input; one that ended without reading takes neither.</summary>
    public void Feed(params string[] lines)
    {
        try
        {
            foreach (string line in lines)
            {
                _process.StandardInput.WriteLine(line);
            }

            _process.StandardInput.Close();
        }
        catch (IOException) when (_process.WaitForExit(ExitTimeout))
        {
            // A test that needs what it wrote sees that by its results.
        }
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="name">Its name, as kill has it.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(ExitTimeout);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
