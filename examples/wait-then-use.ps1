<#
.SYNOPSIS
    Starts a service, waits until it listens, and uses it.
.DESCRIPTION
    Wait-Port looks at the table of listeners and connects to nobody, so the first connection that the service sees is one
    that means something. That it listens does not mean that it is ready: the first use has retries.
.EXAMPLE
    ./examples/wait-then-use.ps1
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 3600)]
    [int] $Seconds = 60
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}

# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

Use-PortLease -Name wait-then-use {
    $code = "`$l = [System.Net.Sockets.TcpListener]::new('127.0.0.1', $Port); `$l.Start()
        while (`$true) { `$c = `$l.AcceptTcpClient(); `$w = [System.IO.StreamWriter]::new(`$c.GetStream()); `$w.WriteLine('ready'); `$w.Dispose() }"
    $service = [System.Diagnostics.Process]::Start($shell, [string[]] ($dll + '-NoProfile', '-Command', $code))
    try {
        Wait-Port -Port $Port -Timeout $Seconds
        $use = Start-OperationBatch -Retry 3 -TimeoutSeconds 10 {
            $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $using:Port)
            [System.IO.StreamReader]::new($client.GetStream()).ReadLine()
            $client.Dispose()
        }
        [pscustomobject]@{ Port = $Port; Status = $use.Status; Answer = $use.Output }
    }
    finally {
        $service | Stop-Process -Force
        $service | Wait-Process
    }
}
