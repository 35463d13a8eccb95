BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'The end of the process' {
    It 'right behind a batch is quiet, though workers are still being reset' {
        # The engine reads the directories on the way to a location: in a large one, a reset takes longer than the batch waits for it.
        $crowd = Join-Path $TestDrive 'crowd'
        $place = New-Item -ItemType Directory -Path (Join-Path $crowd 'place')
        1..8000 | ForEach-Object -Process { [System.IO.File]::Create("$crowd/$_").Dispose() }
        Push-Location -Path $place
        try {
            1..3 | ForEach-Object -Process {
                $said = Invoke-TestShell -Command "
                    Import-Module '$ManifestPath'
                    (1..1000 | Start-OperationBatch -MaxConcurrent 20 { `$_ }).Count" 2>&1
                $LASTEXITCODE | Should -Be 0 -Because "$said"
                "$said" | Should -Be '1000'
            }
        }
        finally {
            Pop-Location
        }
    }

    It 'while a job runs is quiet' {
        $said = Invoke-TestShell -Command "
            Import-Module '$ManifestPath'
            `$null = 1..500 | Start-OperationBatch -AsJob -MaxConcurrent 4 { Start-Sleep -Seconds 1 }
            'left'" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$said"
        "$said" | Should -Be 'left'
    }
}

Describe 'An operation that stops itself' {
    It 'has failed, and says so' {
        $results = 1..3 | Start-OperationBatch -MaxConcurrent 1 -Ordered { if ($_ -eq 2) { throw [System.Management.Automation.PipelineStoppedException]::new() } $_ }
        $results.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
        $results[1].Error[-1].FullyQualifiedErrorId | Should -Be 'OperationFailed'
    }
}

Describe 'A runspace that is closed under its worker' {
    It 'costs no result' {
        $results = 1..40 | Start-OperationBatch -MaxConcurrent 4 -BatchSize 1 {
            if ($_ % 5 -eq 0) {
                Get-Runspace | Where-Object -FilterScript { $_.Name -like 'PortMgmt worker*' } | ForEach-Object -Process { $_.CloseAsync() }
            }
            $_
        }
        $results | Should -HaveCount 40
        ($results.Input | Sort-Object) | Should -Be (1..40)
        $results | Where-Object -Property Status -NE Succeeded | ForEach-Object -Process { $_.Error[-1].FullyQualifiedErrorId | Should -BeIn 'WorkerLost', 'OperationFailed' }
        (1..10 | Start-OperationBatch -Raw { $_ } | Sort-Object) | Should -Be (1..10)
    }
}
