<#
.SYNOPSIS
    Reads the meter PortMgmt in this process, as an exporter does.
.DESCRIPTION
    Durations are counted as they are recorded, on the threads of the workers; totals are asked for at the end. One object
    comes out for each instrument and set of tags.
.EXAMPLE
    ./examples/meter-listener.ps1 | Format-Table
.EXAMPLE
    ./examples/meter-listener.ps1 -Operation { $_ } | ConvertTo-Json | Set-Content metrics.json
#>
[CmdletBinding()]
param(
    # What is measured.
    [scriptblock] $Operation = { Start-Sleep -Milliseconds 5; if ($_ % 10 -eq 0) { throw 'every tenth' } },

    [ValidateRange(1, 1000000)]
    [int] $Count = 100
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}

# In C#, since measurements come on threads that have no runspace.
Add-Type -TypeDefinition @'
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;

public sealed record PortMgmtMeasurement(string Scheduler, string Instrument, string Unit, string Tags, long Count, double Value);

public sealed class PortMgmtMeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(Instrument, string), (long Count, double Value)> _seen = new();

    public PortMgmtMeterReader()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "PortMgmt")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IEnumerable<PortMgmtMeasurement> Read()
    {
        _listener.RecordObservableInstruments();
        return _seen
            .Select(pair => new PortMgmtMeasurement(
                pair.Key.Item1.Meter.Tags?.FirstOrDefault(tag => tag.Key == "portmgmt.scheduler").Value?.ToString(),
                pair.Key.Item1.Name, pair.Key.Item1.Unit, pair.Key.Item2, pair.Value.Count, pair.Value.Value))
            .OrderBy(measurement => measurement.Instrument).ThenBy(measurement => measurement.Tags).ToList();
    }

    public void Dispose() => _listener.Dispose();

    // What is recorded adds up; what is observed is the present total.
    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object>> tags)
    {
        string text = string.Join(", ", tags.ToArray().Where(tag => tag.Value is not null).Select(tag => tag.Key + "=" + tag.Value));
        _seen.AddOrUpdate(
            (instrument, text), (1, value),
            (_, before) => instrument.IsObservable ? (1, value) : (before.Count + 1, before.Value + value));
    }
}
'@

$reader = [PortMgmtMeterReader]::new()
$daemon = New-Daemon -Name "measured-$PID"
try {
    $null = 1..$Count | Start-OperationBatch -Daemon $daemon.Name -Type check -WarningAction Ignore -ScriptBlock $Operation
    $reader.Read() | Where-Object -Property Scheduler -EQ $daemon.Name
}
finally {
    Remove-Daemon -Name $daemon.Name
    $reader.Dispose()
}
