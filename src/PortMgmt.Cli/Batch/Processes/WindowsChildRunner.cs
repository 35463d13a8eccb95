using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using PortMgmt.Heads;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>Runs children on Windows. They are born into the job object that this process entered, and end with it at the latest.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsChildRunner : IChildRunner
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public ChildResult Run(ChildRequest request, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = ToStart(request) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return ChildResult.NotStarted($"Cannot run '{process.StartInfo.FileName}': {failure.Message}. Check its spelling and PATH, or give its whole path.");
        }

        using (cancellationToken.UnsafeRegister(static process => Kill((Process)process!), process))
        {
            return Watch(process, request.Input ?? []);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing outlives a run.
    }

    private static ProcessStartInfo ToStart(ChildRequest request)
    {
        string[] arguments = [.. request.Arguments.Select(Encoding.UTF8.GetString)];
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (request.Port is { } port)
        {
            foreach ((string name, string value) in PortEnvironment.GetVariables(PortEnvironment.DefaultName, [port]))
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static ChildResult Watch(Process process, byte[] input)
    {
        var output = new OutputBuffer();
        var error = new OutputBuffer();
        var drained = Task.WhenAll(
            Task.Run(() => Drain(process, process.StandardOutput.BaseStream, output)),
            Task.Run(() => Drain(process, process.StandardError.BaseStream, error)),
            Task.Run(() => Feed(process.StandardInput.BaseStream, input)));
        process.WaitForExit(Timeout.Infinite);
        drained.Wait(Linger);
        bool isOver = output.IsOver || error.IsOver;
        lock (output)
        {
            lock (error)
            {
                return ChildResult.Ended(process.ExitCode, signal: 0, output.Take(), error.Take(), isOver);
            }
        }
    }

    private static void Drain(Process process, Stream stream, OutputBuffer buffer)
    {
        byte[] bytes = new byte[16 << 10];
        try
        {
            for (int read = stream.Read(bytes); read > 0; read = stream.Read(bytes))
            {
                lock (buffer)
                {
                    bytes.AsSpan(0, read).CopyTo(buffer.Reserve(read));
                    buffer.Advance(read);
                }

                if (buffer.IsOver)
                {
                    Kill(process);
                    return;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The process has ended and nobody waits any longer for what it left running.
        }
    }

    private static void Feed(Stream stream, byte[] input)
    {
        try
        {
            stream.Write(input);
            stream.Close();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The process does not want its input.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }
}
